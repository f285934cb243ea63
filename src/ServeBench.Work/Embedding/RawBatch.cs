namespace ServeBench.Work.Embedding;

/// <summary>Texts that are executed together, padded to the longest of them.</summary>
/// <param name="Size">Texts.</param>
/// <param name="Sequence">Tokens of each, padding included.</param>
/// <param name="Ids">Token ids, [Size, Sequence].</param>
/// <param name="Mask">1 for a token, 0 for padding; of the same shape.</param>
internal sealed record RawBatch(int Size, int Sequence, long[] Ids, long[] Mask)
{
    public long Tokens => (long)Size * Sequence;

    public static RawBatch Of(long[][] inputs)
    {
        var sequence = inputs.Max(i => i.Length);
        var ids = new long[inputs.Length * sequence];
        var mask = new long[inputs.Length * sequence];
        for (var row = 0; row < inputs.Length; row++)
        {
            inputs[row].CopyTo(ids, row * sequence);
            Array.Fill(mask, 1, row * sequence, inputs[row].Length);
        }
        return new RawBatch(inputs.Length, sequence, ids, mask);
    }
}
