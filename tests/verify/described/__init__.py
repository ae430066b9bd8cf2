"""Tests of descriptions held to the facts of their fix."""
