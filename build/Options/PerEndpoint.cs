using ServeBench.Domain.Faults;

namespace ServeBench.Build.Options;

/// <summary>The values of an option that is given for all endpoints, or for each by its name.</summary>
internal sealed class PerEndpoint
{
    private readonly IReadOnlyList<(string? Name, string Value)> _pairs;

    /// <param name="line">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="names">The endpoints.</param>
    /// <param name="faults">Gets the names that are no endpoint's.</param>
    public PerEndpoint(CommandLine line, OptionDefinition option, IReadOnlyCollection<string> names, FaultList faults)
    {
        _pairs = EndpointOptions.Pairs(line.Value(option) ?? "");
        foreach (var unknown in _pairs.Select(p => p.Name).OfType<string>().Where(n => !names.Contains(n)).Distinct())
            faults.Add(
                option == KnownOptions.EndpointToken || option == KnownOptions.EndpointHeader
                    // What stands there may be the beginning of a secret.
                    ? new Fault(option.Name, null, null, "what stands before = is no endpoint's name", $"For example {option.Example}")
                    : new Fault(option.Name, null, null, $"no endpoint is called '{unknown}'", NearestName.Remedy(unknown, names)));
    }

    /// <summary>What is given for one: by its name, else for all; null where nothing is.</summary>
    public string? Of(string name) => AllOf(name).FirstOrDefault();

    /// <summary>Everything that is given for one, what is by its name first.</summary>
    public IEnumerable<string> AllOf(string name) =>
        _pairs.Where(p => p.Name == name).Concat(_pairs.Where(p => p.Name is null)).Select(p => p.Value);
}
