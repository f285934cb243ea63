using System.Text;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Tokenizers;

/// <summary>The strings whose tokens Recording/tokens.py has recorded; generated alike there and here.</summary>
internal sealed class GeneratedTexts(IReadOnlyList<string> vocabulary, string corpus)
{
    private static readonly (int First, int Last)[] Pools =
    [
        (0x61, 0x7A), (0x61, 0x7A), (0x61, 0x7A), (0x20, 0x7E), (0x20, 0x20), (0x00, 0x1F), (0x7F, 0xFF), (0x100, 0x24F), (0x300, 0x36F),
        (0x370, 0x3FF), (0x400, 0x52F), (0x590, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x206F),
        (0x20A0, 0x22FF), (0x3000, 0x30FF), (0x302A, 0x302F), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE00, 0xFFFF),
        (0x1D100, 0x1D1FF), (0x1F300, 0x1F64F), (0x20000, 0x2FA1F), (0xE000, 0xFFFD), (0x10000, 0x10FFFF),
    ];

    private static readonly string[] Brackets = ["[SEP]", "[CLS]", "[MASK]", "[UNK]", "[PAD]", "[sep]", "[ SEP]", "[[SEP]]"];

    public IEnumerable<string> Texts()
    {
        for (var first = 0; first < 0x110000; first += 16)
        {
            if (first is >= 0xD800 and < 0xE000) continue;
            yield return string.Join(' ', Enumerable.Range(first, 16).Select(c => $"a{char.ConvertFromUtf32(c)}b"));
        }
        var numbers = new SplitMix(20261);
        for (var i = 0; i < 40_000; i++) yield return RandomText(numbers);
        var runes = corpus.EnumerateRunes().ToArray();
        for (var i = 0; i < 10_000; i++)
        {
            var (at, length) = (numbers.Below(runes.Length), 1 + numbers.Below(400));
            yield return string.Concat(runes.Skip(at).Take(length));
        }
    }

    public IEnumerable<(string First, string Second, int Limit)> Pairs()
    {
        var numbers = new SplitMix(20262);
        for (var i = 0; i < 4_000; i++) yield return (RandomText(numbers), RandomText(numbers), 3 + numbers.Below(60));
    }

    private string RandomText(SplitMix numbers)
    {
        var text = new StringBuilder();
        var parts = 1 + numbers.Below(12);
        for (var p = 0; p < parts; p++)
        {
            switch (numbers.Below(10))
            {
                case < 5:
                    var length = 1 + numbers.Below(8);
                    for (var i = 0; i < length; i++) text.Append(Character(numbers));
                    break;
                case < 8:
                    var token = vocabulary[numbers.Below(vocabulary.Count)];
                    text.Append(token.StartsWith("##", StringComparison.Ordinal) && numbers.Below(2) == 0 ? token[2..] : token);
                    break;
                case 8:
                    text.Append((char)('a' + numbers.Below(26)), 95 + numbers.Below(11));
                    break;
                default:
                    text.Append(Brackets[numbers.Below(8)]);
                    break;
            }
            if (numbers.Below(2) == 0) text.Append(' ');
        }
        return text.ToString();
    }

    private static string Character(SplitMix numbers)
    {
        var (first, last) = Pools[numbers.Below(Pools.Length)];
        return char.ConvertFromUtf32(first + numbers.Below(last - first + 1));
    }
}
