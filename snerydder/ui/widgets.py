"""Inputs Django has no widget for. How each looks is the business of `controls`."""

import datetime

from django import forms


class _Parts(forms.Widget):
    """One value in several boxes: posted as name_day, name_month ...; a single `name` is understood too."""

    use_fieldset = True
    part_names: tuple[str, ...] = ()

    def split(self, value):
        raise TypeError(f"{type(self).__name__} does not say how a value is split")

    def render(self, name, value, attrs=None, renderer=None):
        raise TypeError(f"{name} has several boxes: write ui.field(form.{name})")

    def id_for_label(self, id_, index=None):
        return f"{id_}-{self.part_names[0]}" if id_ else id_

    def value_from_datadict(self, data, files, name):
        parts = {part: str(data.get(f"{name}_{part}") or "").strip() for part in self.part_names}
        if any(parts.values()):
            return parts
        return str(data.get(name) or "").strip() or None

    def value_omitted_from_data(self, data, files, name):
        return not any(key in data for key in (name, *(f"{name}_{part}" for part in self.part_names)))

    def parts(self, value):
        """What each box shows: what was written if it could not be understood."""
        if isinstance(value, dict):
            return {part: value.get(part, "") for part in self.part_names}
        if value in (None, ""):
            return dict.fromkeys(self.part_names, "")
        return self.split(value)


class DateParts(_Parts):
    part_names = ("day", "month", "year")

    def split(self, value):
        if isinstance(value, datetime.date):
            return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        return {"day": str(value), "month": "", "year": ""}


class MinutesParts(_Parts):
    part_names = ("hours", "minutes")

    def split(self, value):
        try:
            hours, minutes = divmod(int(value), 60)
        except ValueError:
            return {"hours": str(value), "minutes": ""}
        return {"hours": str(hours), "minutes": str(minutes)}


class _Hinted:
    """Choices with a line below each ({value: text}), or as large tiles for a thumb, with an icon each."""

    def __init__(self, attrs=None, choices=(), *, hints=None, icons=None, tiles=False):
        super().__init__(attrs, choices)  # type: ignore[call-arg]  # beside a choice widget
        self.hints, self.icons, self.tiles = hints or {}, icons or {}, tiles

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)  # type: ignore[misc]
        copy.hints, copy.icons, copy.tiles = self.hints, self.icons, self.tiles
        return copy


class Radios(_Hinted, forms.RadioSelect):
    pass


class Checkboxes(_Hinted, forms.CheckboxSelectMultiple):
    pass
