"""What `benchmarks.attribution` compares: each module is one whole process, from the touch log to credit by channel.

Called with the folder of `benchmarks.journeys`; prints one line of JSON, `{model: {channel: credit}}`, in cents or,
where a model only tells weights, in proportion. Those of peers import nothing of Tandem, so that they run in an
environment of their own.
"""
