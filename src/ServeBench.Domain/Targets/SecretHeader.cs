namespace ServeBench.Domain.Targets;

/// <summary>A header whose value came out of an environment variable. Nothing that shows or stores it has the value.</summary>
/// <param name="name">Its name.</param>
/// <param name="variable">The variable.</param>
/// <param name="value">The value as it is sent.</param>
public sealed class SecretHeader(string name, string variable, string value)
{
    public string Name => name;

    /// <summary>The variable's name.</summary>
    public string Variable => variable;

    public string Value => value;

    /// <summary>Without the value.</summary>
    public override string ToString() => $"{name} from {variable}";
}
