using System.Collections.Concurrent;
using ServeBench.Hosts.Engines;

namespace ServeBench.Hosts.Docker;

/// <summary>Containers that could not be removed when it was their time, because the engine had ended.</summary>
internal sealed class LeftContainers(DockerCli docker)
{
    private readonly ConcurrentBag<string> _names = [];

    /// <summary>Notes the name of a container that is still there.</summary>
    public void Add(string name) => _names.Add(name);

    /// <summary>Removes them; those that still cannot be removed stay on the list.</summary>
    /// <returns>Whether none is left.</returns>
    public async Task<bool> RemoveAsync()
    {
        foreach (var name in Taken().ToArray())
        {
            if (!await docker.RemoveAsync(name)) Add(name);
        }
        return _names.IsEmpty;
    }

    private IEnumerable<string> Taken()
    {
        while (_names.TryTake(out var name)) yield return name;
    }
}
