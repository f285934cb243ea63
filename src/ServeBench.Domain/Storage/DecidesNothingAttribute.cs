namespace ServeBench.Domain.Storage;

/// <summary>
/// Marks a property of a record that no result depends on, so that <see cref="CanonicalText"/> leaves it out. Everything else that
/// a record holds is part of its fingerprint without anybody having to think of it.
/// </summary>
/// <param name="why">Why no result depends on it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DecidesNothingAttribute(string why) : Attribute
{
    public string Why { get; } = why;
}
