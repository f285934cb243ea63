using System.Globalization;
using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Tests.Storage;

public class CanonicalTextTests
{
    private enum Colour
    {
        Red,
        Blue,
    }

    private abstract record Shape;

    private sealed record Blocks(IReadOnlyList<int> Sizes) : Shape;

    private sealed record Layers(IReadOnlyList<int> Sizes) : Shape;

    private sealed record Empty;

    private readonly record struct Pair(int A, int B);

    private sealed record Everything
    {
        public string Text { get; init; } = "t";
        public double Number { get; init; } = 0.5;
        public int? Perhaps { get; init; }
        public Colour Colour { get; init; }
        public TimeSpan Time { get; init; } = TimeSpan.FromMilliseconds(1500);
        public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" };
        public Shape Shape { get; init; } = new Blocks([3, 4]);
        public IReadOnlyList<KeyValuePair<string, int>> Ordered { get; init; } = [new("z", 1)];

        [DecidesNothing("a test")]
        public string Title { get; init; } = "for people";
    }

    private sealed class Loop
    {
        public int Number { get; init; }
    }

    private sealed record Chain(object? Next);

    [Fact]
    public void All_that_a_record_holds_is_written_and_nothing_that_decides_nothing() => Assert.Equal(
        """
        Everything(Colour: Colour.Red; Map: {"a": "1", "b": "2", }; Number: Double 0.5; Ordered: [KeyValuePair`2(Key: "z"; Value: Int32 1; ), ]; Perhaps: null; Shape: Blocks(Sizes: [Int32 3, Int32 4, ]; ); Text: "t"; Time: TimeSpan 15000000; )
        """,
        CanonicalText.Of(new Everything()));

    [Fact]
    public void What_differs_has_another_text()
    {
        object?[] all =
        [
            null, "", "null", "a", "b", "a\", \"b", new[] { "a", "b" }, new[] { "b", "a" }, new[] { "a\", \"b" }, Array.Empty<string>(), new[] { "" }, "\\", "\\\"",
            1, 1L, 1.0, 1f, 1m, 0.1, 0.1f, Math.BitIncrement(0.1), double.NaN, true, "true", Colour.Red, Colour.Blue, 0, TimeSpan.FromTicks(1), new Blocks([3, 4, 6, 3]), new Blocks([3, 4, 23, 3]),
            new Layers([3, 4, 6, 3]), new Empty(), new Pair(1, 2), new Pair(2, 1), (1, 2), new Dictionary<string, int> { ["a"] = 1 }, new Dictionary<string, int> { ["a"] = 2 }, new Dictionary<string, int> { ["b"] = 1 },
        ];
        var texts = all.Select(v => CanonicalText.Of(v)).ToArray();
        Assert.Empty(texts.GroupBy(t => t).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void The_order_in_which_a_dictionary_was_filled_does_not_count() => Assert.Equal(
        CanonicalText.Of(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }), CanonicalText.Of(new SortedDictionary<string, int> { ["b"] = 2, ["a"] = 1 }));

    [Fact]
    public void Numbers_look_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var expected = CanonicalText.Of(new Everything { Number = -1234.5, Time = TimeSpan.FromDays(1000), Perhaps = -5 });
        try
        {
            var strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (strange.NumberFormat.NumberDecimalSeparator, strange.NumberFormat.NegativeSign) = (",", "minus");
            CultureInfo.CurrentCulture = strange;
            Assert.Equal("-1234,5".Replace("-", "minus", StringComparison.Ordinal), $"{-1234.5}");
            Assert.Equal(expected, CanonicalText.Of(new Everything { Number = -1234.5, Time = TimeSpan.FromDays(1000), Perhaps = -5 }));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_type_that_is_not_known_is_an_error_that_names_the_place()
    {
        static string Refused(object value) => Assert.Throws<NotSupportedException>(() => CanonicalText.Of(value)).Message;
        Assert.StartsWith($"Chain.Next is of type {typeof(Loop)}, which has no canonical text", Refused(new Chain(new Loop())), StringComparison.Ordinal);
        Assert.StartsWith("Chain.Next[1].Next is of type System.Object", Refused(new Chain(new object[] { 1, new Chain(new object()) })), StringComparison.Ordinal);
        Assert.StartsWith("Chain.Next is of type System.Collections.Generic.HashSet", Refused(new Chain(new HashSet<string>())), StringComparison.Ordinal);
        Assert.StartsWith("Chain.Next has keys of type System.Int32", Refused(new Chain(new Dictionary<int, int> { [1] = 1 })), StringComparison.Ordinal);
        Assert.Equal("Chain.Next is 7, which is no Colour", Refused(new Chain((Colour)7)));
        object chain = new Chain(null);
        for (var i = 0; i < 40; i++) chain = new Chain(chain);
        Assert.EndsWith("is nested too deeply: does it hold itself?", Refused(chain), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_out_must_be_there()
    {
        Assert.Equal(CanonicalText.Of(new Pair(1, 2), "B"), CanonicalText.Of(new Pair(1, 3), nameof(Pair.B)));
        Assert.Throws<ArgumentException>(() => CanonicalText.Of(new Pair(1, 2), "C"));
    }
}
