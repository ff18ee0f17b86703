"""Which effect an action has under a scheme: the scheme's own before the one that all schemes share."""

from policy.vocabulary import PERSONAL, Action, Scheme
from workflows import effects_classes, effects_dibao, effects_former, effects_personal, effects_tekun, effects_temporary
from workflows.effects import EFFECTS
from workflows.step import Effect

OWN: dict[Scheme, dict[Action, Effect]] = {
    Scheme.DIBAO: {**effects_former.EFFECTS, **effects_dibao.EFFECTS},
    Scheme.TEKUN: effects_tekun.EFFECTS,
    Scheme.TEMPORARY: effects_temporary.EFFECTS,
    Scheme.EDGE: effects_classes.EFFECTS,
    Scheme.RIGID: effects_classes.EFFECTS,
    **dict.fromkeys(PERSONAL, effects_personal.EFFECTS),
}


def effect_of(scheme: Scheme, action: Action) -> Effect | None:
    """What the action writes beside stage and event; None where it writes nothing else."""
    return OWN.get(scheme, {}).get(action) or EFFECTS.get(action)
