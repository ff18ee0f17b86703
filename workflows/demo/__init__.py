"""A synthetic county of any size: invented families whose cases went the way the machine allows."""

from workflows.demo.county import Filled, check, fill, fill_sample
from workflows.demo.divisions import sample_logins

__all__ = ["Filled", "check", "fill", "fill_sample", "sample_logins"]
