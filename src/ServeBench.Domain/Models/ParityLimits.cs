using System.Globalization;

namespace ServeBench.Domain.Models;

/// <summary>How far a stack's answers may be from the references, by name: what the names mean is known to the kind of work.</summary>
/// <param name="Values">The limits by their keys in the model card.</param>
public sealed record ParityLimits(IReadOnlyDictionary<string, double> Values)
{
    /// <exception cref="KeyNotFoundException">when the model card names no such limit; reading the catalogue excludes that.</exception>
    public double this[string name] => Values[name];

    public override string ToString() =>
        string.Join(
            ", ",
            Values
                .OrderBy(v => v.Key, StringComparer.Ordinal)
                .Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {v.Value:R}")));
}
