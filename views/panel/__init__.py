"""The mixins of ``views.base.PanelView``, one idea each."""
