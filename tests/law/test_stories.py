"""Every story a jurist can read comes out as it is told."""

from pathlib import Path

import pytest

from snerydder.law.stories import Story, failures, read

STORIES = read(Path(__file__).parent / "stories")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.file}: {story.name}")
def test_it_comes_out_as_told(story: Story) -> None:
    assert failures(story) == []


def test_a_story_that_is_wrong_is_found_out() -> None:
    told = STORIES[0]
    wrong = Story(told.name, told.step, told.on, told.facts, {"CHK-01": "stop"}, "blå", "grøn", "a.b", told.file)
    assert len(failures(wrong)) == 4


def test_no_two_stories_have_the_same_name() -> None:
    names = [(story.file, story.name) for story in STORIES]
    assert len(names) == len(set(names))
