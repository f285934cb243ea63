using System.Globalization;

namespace ServeBench.Domain.Models;

/// <summary>How far a stack's answers may be from the references, by name: what the names mean is known to the kind of work.</summary>
public sealed class ParityLimits(IEnumerable<KeyValuePair<string, double>> values)
{
    private readonly SortedDictionary<string, double> _values = new(values.ToDictionary(), StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <exception cref="KeyNotFoundException">when the model card names no such limit; reading the catalogue excludes that.</exception>
    public double this[string name] => _values[name];

    /// <summary>Every limit, in order of name: equal limits give equal texts, and others do not.</summary>
    public override string ToString() => string.Join(", ", _values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {v.Value:R}")));
}
