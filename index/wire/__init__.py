"""The wire: how each noun is written as JSON, once, for the command line, the API, MCP and exports.

A model is read off the attributes of a noun (`HitJson.dump(hit)` gives JSON values; the API gives the model as its
`response_model`). Field names, order, rounding and nulls are a contract: they grow, and never change their meaning.
"""
