using ServeBench.Domain.Faults;
using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.Onnx.Precisions;

namespace ServeBench.Models.Tests.Generation;

/// <summary>The exported graphs in ONNX Runtime, with every use of the cache, against the double-precision reference, which shares no code with them.</summary>
[Lane("slow")]
public sealed class DecoderGraphTests
{
    /// <summary>In standard deviations of the logits; 2e-6 was seen.</summary>
    private const double Tolerance = 2e-5;

    public static TheoryData<string> Architectures { get; } = ["gpt2", "opt"];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_sequence_at_once_and_in_parts_has_the_references_logits(string name)
    {
        using var model = new TinyDecoder(Named(name));
        var prompt = TinyDecoder.Drawn(11, 40);
        var expected = model.Reference.Logits(prompt);
        foreach (var part in new[] { 40, 17, 3, 1 })
        {
            using var cache = model.Session.NewCache(3, 40);
            for (var at = 0; at < prompt.Length; at += part)
            {
                var tokens = prompt[at..Math.Min(at + part, prompt.Length)];
                var logits = new float[tokens.Length * Vocabulary];
                model.Session.Run(cache, 1, [tokens], [at], [tokens.Length], [.. Enumerable.Range(0, tokens.Length).Select(i => (long)i)], logits);
                for (var i = 0; i < tokens.Length; i++) AssertNear(expected[at + i], logits.AsSpan(i * Vocabulary, Vocabulary));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Sequences_of_different_lengths_decode_together(string name)
    {
        using var model = new TinyDecoder(Named(name));
        using var cache = model.Session.NewCache(4, 40);
        var sequences = TinyDecoder.Prompts.Select(p => p.ToList()).ToArray();
        var ignored = new float[Vocabulary];
        for (var s = 0; s < 4; s++) model.Session.Run(cache, s, [[.. sequences[s]]], [0], [sequences[s].Count], [0], ignored);
        for (var step = 0; step < 8; step++)
        {
            int[] past = [.. sequences.Select(s => s.Count)];
            foreach (var sequence in sequences) sequence.Add(TinyDecoder.Drawn((ulong)(100 + step), 1)[0]);
            var logits = new float[4 * Vocabulary];
            model.Session.Run(cache, 0, [.. sequences.Select(s => new[] { s[^1] })], past, [1, 1, 1, 1], [0, 1, 2, 3], logits);
            for (var s = 0; s < 4; s++) AssertNear(model.Reference.Logits([.. sequences[s]])[^1], logits.AsSpan(s * Vocabulary, Vocabulary));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Prompts_of_different_lengths_begin_together_and_go_on(string name)
    {
        using var model = new TinyDecoder(Named(name));
        using var cache = model.Session.NewCache(4, 40);
        var longest = TinyDecoder.Prompts.Max(p => p.Length);
        int[][] padded = [.. TinyDecoder.Prompts.Select(p => (int[])[.. p, .. Enumerable.Repeat(5, longest - p.Length)])];
        int[] lengths = [.. TinyDecoder.Prompts.Select(p => p.Length)];
        long[] last = [.. lengths.Select((l, row) => (long)((row * longest) + l - 1))];
        var logits = new float[4 * Vocabulary];
        model.Session.Run(cache, 0, padded, [0, 0, 0, 0], lengths, last, logits);
        for (var p = 0; p < 4; p++) AssertNear(model.Reference.Logits(TinyDecoder.Prompts[p])[^1], logits.AsSpan(p * Vocabulary, Vocabulary));

        model.Session.Run(cache, 0, [[8], [9], [10], [11]], lengths, [1, 1, 1, 1], [0, 1, 2, 3], logits);
        for (var p = 0; p < 4; p++)
            AssertNear(model.Reference.Logits([.. TinyDecoder.Prompts[p], 8 + p])[^1], logits.AsSpan(p * Vocabulary, Vocabulary));
    }

    /// <summary>What the runtime would compute wrongly in silence, or write where nothing is.</summary>
    [Fact]
    public void What_no_call_can_do_is_refused()
    {
        using var model = new TinyDecoder(new Gpt2());
        using var cache = model.Session.NewCache(2, 80);
        var logits = new float[2 * Vocabulary];
        void Run(int[] tokens, int past, int added, params long[] at) => model.Session.Run(cache, 0, [tokens], [past], [added], at, logits);
        int[] seven = TinyDecoder.Drawn(3, 7);
        Run(seven, 0, 5, 4);
        Assert.Contains("padding", Assert.Throws<ArgumentException>(() => Run(seven, 5, 3, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Run(seven, 0, 0, 0));
        Assert.Contains("64 tokens", Assert.Throws<ArgumentException>(() => Run(seven, 60, 7, 6)).Message, StringComparison.Ordinal);
        Assert.Contains("no room", Assert.Throws<ArgumentException>(() => Run(seven, 0, 7, 0, 1, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Copy(0, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Copy(0, 1, 81));
        cache.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Run(seven, 0, 7, 6));
    }

    [Fact]
    public void Bound_calls_give_what_others_give_and_refuse_what_does_not_fit()
    {
        using var model = new TinyDecoder(new Gpt2());
        using var cache = model.Session.NewCache(3, 30);
        using var calls = new DecoderCalls(model.Session, cache, 30);
        var prompt = TinyDecoder.Drawn(11, 30);
        var expected = model.Reference.Logits(prompt);
        // More shapes than are kept bound, and the first of them again.
        for (var round = 0; round < 2; round++)
        {
            for (var first = 1; first < 29; first++)
            {
                calls.Part(first % 3, prompt.AsSpan(0, first), 0, asks: false);
                calls.Part(first % 3, prompt.AsSpan(first), first, asks: true);
                AssertNear(expected[^1], calls.Logits(0));
            }
        }
        for (var slot = 0; slot < 3; slot++) calls.Part(slot, prompt.AsSpan(0, 10 + slot), 0, asks: false);
        calls.Step([prompt[10], prompt[11], prompt[12]], [10, 11, 12]);
        for (var slot = 0; slot < 3; slot++) AssertNear(expected[10 + slot], calls.Logits(slot));
        Assert.Throws<ArgumentOutOfRangeException>(() => calls.Part(0, TinyDecoder.Drawn(1, 2), 29, asks: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => calls.Step([1], [30]));
    }

    [Fact]
    public void A_slot_is_moved_and_another_takes_its_place()
    {
        using var model = new TinyDecoder(new Gpt2());
        using var cache = model.Session.NewCache(2, 40);
        var logits = new float[Vocabulary];
        var (left, moved, next) = (TinyDecoder.Drawn(5, 30), TinyDecoder.Drawn(6, 12), TinyDecoder.Drawn(7, 4));
        model.Session.Run(cache, 0, [left], [0], [30], [29], logits);
        model.Session.Run(cache, 1, [moved], [0], [12], [11], logits);
        cache.Copy(1, 0, tokens: 12);
        model.Session.Run(cache, 1, [next], [0], [4], [3], logits);
        var both = new float[2 * Vocabulary];
        model.Session.Run(cache, 0, [[17], [18]], [12, 4], [1, 1], [0, 1], both);
        AssertNear(model.Reference.Logits([.. moved, 17])[^1], both.AsSpan(0, Vocabulary));
        AssertNear(model.Reference.Logits([.. next, 18])[^1], both.AsSpan(Vocabulary));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Greedy_continuations_are_the_references(string name)
    {
        using var model = new TinyDecoder(Named(name));
        var given = GreedyRun.Continue(model.Session, TinyDecoder.Prompts, 20, part: 4);
        foreach (var (expected, tokens) in model.Reference.Continue(TinyDecoder.Prompts, 20).Zip(given)) Assert.Equal(expected.Tokens, tokens);
    }

    [Fact]
    public void Lesser_precisions_are_near()
    {
        using var half = new TinyDecoder(new Gpt2(), new HalfWeights());
        using var bytes = new TinyDecoder(new Gpt2(), new DynamicInt8());
        var prompt = TinyDecoder.Drawn(11, 40);
        var expected = half.Reference.Logits(prompt)[^1];
        Assert.InRange(TinyDecoder.Distance(expected, Last(half, prompt)), 1e-6, 0.02);
        Assert.InRange(TinyDecoder.Distance(expected, Last(bytes, prompt)), 1e-4, 0.5);
    }

    [Theory]
    [InlineData("gpt2", "transformer.")]
    [InlineData("opt", "decoder.")]
    [InlineData("opt", "")]
    public void Checkpoints_with_other_prefixes_are_the_same_network(string name, string prefix)
    {
        using var model = new TinyDecoder(Named(name));
        using var renamed = new TinyDecoder(Named(name), renamed: t => prefix + t.Replace("model.decoder.", "", StringComparison.Ordinal));
        Assert.Equal(Last(model, TinyDecoder.Prompts[0]), Last(renamed, TinyDecoder.Prompts[0]));
    }

    [Fact]
    public void A_checkpoint_of_two_decoders_is_refused() =>
        Assert.Contains("2 decoders", Assert.Throws<RunFailedException>(() => new TinyDecoder(new Gpt2(), renamed: t => t == "wpe.weight" ? "other.wte.weight" : t)).Message, StringComparison.Ordinal);

    private static int Vocabulary => TinyDecoder.Settings.Vocabulary;

    private static ITextGenerator Named(string name) => name == "opt" ? new Opt() : new Gpt2();

    private static float[] Last(TinyDecoder model, int[] prompt)
    {
        using var cache = model.Session.NewCache(1, prompt.Length);
        var logits = new float[Vocabulary];
        model.Session.Run(cache, 0, [prompt], [0], [prompt.Length], [prompt.Length - 1], logits);
        return logits;
    }

    private static void AssertNear(double[] expected, ReadOnlySpan<float> given) => Assert.InRange(TinyDecoder.Distance(expected, given), 0, Tolerance);
}
