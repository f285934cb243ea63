namespace ServeBench.Models.References.Generation;

/// <summary>What the reference remembers of one sequence: a key and a value of every token, layer by layer.</summary>
internal sealed class ReferenceSequence(int layers)
{
    private readonly List<double[]>[] _keys = [.. Enumerable.Range(0, layers).Select(_ => new List<double[]>())];
    private readonly List<double[]>[] _values = [.. Enumerable.Range(0, layers).Select(_ => new List<double[]>())];

    /// <summary>Tokens seen.</summary>
    public int Length { get; set; }

    /// <summary>Keys and values of a layer, [hidden] for each token.</summary>
    public (List<double[]> Keys, List<double[]> Values) Of(int layer) => (_keys[layer], _values[layer]);
}
