using Xunit.v3;

namespace ServeBench.Tests;

/// <summary>
/// Puts a class or a test into a lane other than <c>fast</c>: what needs a container engine, k6, Node or Python, or takes long.
/// <c>--target=Test --lane=NAME</c> runs one lane; the names are listed in build/Stages/TestLanes.cs.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class LaneAttribute(string name) : Attribute, ITraitAttribute
{
    /// <summary>The lane's name.</summary>
    public string Name => name;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("lane", name)];
}
