using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Tests.Tokenizers;
using Own = ServeBench.Models.Tokenizers.WordPieceTokenizer;
using Fast = FastBertTokenizer.BertTokenizer;

namespace ServeBench.Models.Tests.Measurements;

/// <summary>
/// Our WordPiece beside Microsoft.ML.Tokenizers and FastBertTokenizer on English text: processor time of one thread, relative to
/// ours, allocation, and on how many hostile texts (every code point of Unicode among them) the tokens differ from ours, which
/// equal the reference's (RecordedTokenTests). Explicit, for it takes a minute; ratios of processor time bear a busy machine.
/// <code>ServeBench.Models.Tests -explicit only -class ServeBench.Models.Tests.Measurements.TokenizersCompared -showLiveOutput</code>
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class TokenizersCompared
{
    private const int Longest = 8192;

    private const int Rounds = 9;

    [Fact(Explicit = true)]
    public void On_English_and_on_hostile_texts()
    {
        var vocabulary = Repository.Vocabulary();
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("vocab.txt"), vocabulary);
        var ours = Own.Load(folder.File("vocab.txt"), Longest);
        var microsoft = BertTokenizer.Create(new MemoryStream(vocabulary), new BertOptions { RemoveNonSpacingMarks = true });
        var fast = new Fast();
        fast.LoadVocabulary(new StringReader(Encoding.UTF8.GetString(vocabulary)), convertInputToLowercase: true);
        var (own, ids, mask) = (new int[Longest], new long[Longest], new long[Longest]);
        (string Name, Func<string, IEnumerable<long>> Tokens, Action<string> Run)[] all =
        [
            ("ours", t => own.AsSpan(0, ours.Encode(t, own)).ToArray().Select(i => (long)i), t => ours.Encode(t, own)),
            ("Microsoft.ML.Tokenizers 2.0.1", t => microsoft.EncodeToIds(t).Select(i => (long)i), t => microsoft.EncodeToIds(t)),
            ("FastBertTokenizer 1.2.6", t => Taken(fast, t, ids, mask), t => fast.Encode(t, ids, mask)),
        ];

        var corpus = File.ReadAllText(Path.Combine(Repository.Root, "k6", "data", "moby-dick.txt"));
        string[] english = [.. corpus.Split("\n\n").Where(p => p.Length is > 0 and < 10_000)];
        // All code points, and texts of random characters of all scripts.
        string[] hostile = [.. new GeneratedTexts(Encoding.UTF8.GetString(vocabulary).TrimEnd('\n').Split('\n'), corpus).Texts().Take(80_000)];
        var megabytes = english.Sum(Encoding.UTF8.GetByteCount) / 1e6;
        var seconds = all.Select(_ => new List<double>()).ToArray();
        var allocated = new long[all.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var turn = 0; turn < all.Length; turn++)
            {
                var which = (turn + round) % all.Length;
                var (start, before) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
                for (var pass = 0; pass < 5; pass++) foreach (var text in english) all[which].Run(text);
                allocated[which] = GC.GetAllocatedBytesForCurrentThread() - before;
                if (round > 0) seconds[which].Add((Environment.CpuUsage.TotalTime - start).TotalSeconds);
            }
        }
        for (var i = 0; i < all.Length; i++)
        {
            var ratios = seconds[i].Zip(seconds[0], (a, b) => a / b).Order().ToArray();
            var differs = (English: Differing(english, all[0].Tokens, all[i].Tokens), Hostile: Differing(hostile, all[0].Tokens, all[i].Tokens));
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {all[i].Name} | {ratios[ratios.Length / 2]:0.0} ({ratios[0]:0.0} to {ratios[^1]:0.0}) | {allocated[i] / 5 / megabytes / (1 << 20):0.0} MiB | {differs.English} of {english.Length:#,0} | {differs.Hostile} of {hostile.Length:#,0} |"));
        }
    }

    private static long[] Taken(Fast tokenizer, string text, long[] ids, long[] mask)
    {
        tokenizer.Encode(text, ids, mask, padTo: Longest);
        return ids[..mask.TakeWhile(m => m == 1).Count()];
    }

    /// <summary>Texts on which two tokenizers differ; a text that one cannot take at all is one of them.</summary>
    private static int Differing(string[] texts, Func<string, IEnumerable<long>> one, Func<string, IEnumerable<long>> other) => texts.Count(text =>
    {
        var due = one(text).ToArray();
        try
        {
            return !due.SequenceEqual(other(text));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            return true;
        }
    });
}
