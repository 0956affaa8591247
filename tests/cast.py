"""The cast of the tests is the cast of the demo town: whoever learns one knows both (snerydder.project.demo.cast)."""

from snerydder.project.demo.cast import AMINA_CPR, BAKKEBY, FJORDBY, PASSWORD, Cast, fjordby

__all__ = ["AMINA_CPR", "BAKKEBY", "FJORDBY", "PASSWORD", "Cast", "fjordby"]
