"""Reports made by the workers of a Dask cluster, for what is too much for one machine.

The build stays what it is: the same plan, the same staging, the same reports. Only the place where notebooks
run is another. :mod:`.client` hands reports out and takes the finished ones back, :mod:`.host` makes them on
a worker with the very code that makes them here, warm kernels included, :mod:`.identity` tells whether a
worker has the same project, and :mod:`.parcel` is what travels. See ``docs/cluster.md``.
"""
