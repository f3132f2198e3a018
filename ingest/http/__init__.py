"""Politely over the network: allowed hosts, rate limits, retries, a cache for one read."""
