"""Announcement posts as found, edited by people or published long ago: their facts, and what is wrong with them."""

from secrel.verify.post.alone import ALONE, self_check
from secrel.verify.post.comparing import AGAINST, RULES, compare_post
from secrel.verify.post.disagreements import Disagreement
from secrel.verify.post.facts.reading import read_post
from secrel.verify.post.facts.values import PostFacts

__all__ = ["AGAINST", "ALONE", "RULES", "Disagreement", "PostFacts", "compare_post", "read_post", "self_check"]
