"""Words of 特困: the six items of self-care, why support ends, and what may keep somebody out of a home."""

from policy.word import Word


class SelfCare(Word):
    """The six items by which self-care is assessed (民发〔2021〕43号 第二十一条)."""

    EAT = "eat", "Eats alone"
    DRESS = "dress", "Dresses alone"
    BED = "bed", "Gets in and out of bed alone"
    TOILET = "toilet", "Uses the toilet alone"
    WALK = "walk", "Walks indoors alone"
    BATH = "bath", "Bathes alone"


class EndReason(Word):
    """Why support ends (民发〔2021〕43号 第二十四条)."""

    DEATH = "death", "Dead, or declared dead or missing"
    CAPACITY = "capacity", "Able to work, or able again"
    SENTENCE = "sentence", "Serving a prison sentence"
    MEANS = "means", "Income or property over the rules"
    OBLIGOR = "obligor", "An obligor is able to support"
    OWN_WISH = "own_wish", "Own wish"


class HomeGround(Word):
    """Why a home may not take somebody in (墩政〔2020〕48号 二(三)); shown only to who decides."""

    NONE = "none", "Nothing of the kind"
    INFECTIOUS = "infectious", "Infectious disease"
    MENTAL = "mental", "Mental illness"
