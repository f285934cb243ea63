using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Models.Architectures;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Models.Tests.Robustness;

/// <summary>
/// The readers of files that come from outside, under mutated ones: each is read or refused with its name, never anything else,
/// and no more managed memory is taken for it than <see cref="FixedBytes"/> and <see cref="BytesPerByte"/> for each of its bytes.
/// <c>--target=Evidence --what=fuzz-models</c> runs it at length.
/// </summary>
[Lane("slow")]
public sealed class ReaderFuzzTests : IDisposable
{
    /// <summary>The tables of a tokenizer, whatever its vocabulary.</summary>
    private const long FixedBytes = 2 << 20;

    private const long BytesPerByte = 256;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Readers => ["model.safetensors", "model.safetensors.index.json", "vocab.txt", "tokenizer.json", "tokenizer_config.json"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Readers))]
    public void Mutated_files_are_read_or_refused(string file) => Fuzz(file, Fuzzing.Files(usual: 2_000), (ulong)Fuzzing.Seed(usual: 11));

    private void Fuzz(string file, int count, ulong seed)
    {
        var random = new SplitMix(seed);
        var seeds = Seeds(file);
        var path = _folder.File(file);
        var (read, refused, most) = (0, 0, 0L);
        foreach (var plain in seeds)
        {
            File.WriteAllBytes(path, plain);
            Assert.True(Reads(file, path), "what is not mutated is read");
        }
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            var mutated = Mutated(file, seeds[random.Below(seeds.Length)], random);
            File.WriteAllBytes(path, mutated);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (Reads(file, path)) read++;
                else refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"file {i} of {Fuzzing.SeedVariable}={seed}: {e}\n{Convert.ToBase64String(mutated)}");
            }
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken <= FixedBytes + (BytesPerByte * mutated.Length), $"file {i} of {Fuzzing.SeedVariable}={seed} has {mutated.Length} bytes and took {taken}\n{Convert.ToBase64String(mutated)}");
            most = Math.Max(most, taken);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{file}: {count} files, {read} read, {refused} refused, at most {most} bytes for one, seed {seed}, {watch.Elapsed.TotalSeconds:0} s");
        Assert.True(read > 0 && refused > count / 10, $"{read} read, {refused} refused: the mutations are too harsh or too mild");
    }

    /// <returns>False when it was refused as a fault of the file.</returns>
    private static bool Reads(string file, string path)
    {
        try
        {
            switch (file)
            {
                case "model.safetensors":
                    using (var tensors = SafetensorsFile.Open(path))
                    {
                        new BertEncoder().Alias(tensors.Directory);
                        foreach (var tensor in tensors.Tensors.Where(t => t.Type.IsFloating() && t.Elements <= 1024)) tensors.CopySingles(tensor, new float[tensor.Elements]);
                    }
                    return true;
                case "model.safetensors.index.json":
                    Assert.All(ShardedCheckpoint.ShardsOf(path), shard => Assert.DoesNotContain('/', shard));
                    return true;
                case "vocab.txt":
                    Encode(WordPieceTokenizer.Load(path, 64));
                    return true;
                case "tokenizer.json":
                    Encode(TokenizerJson.Read(path));
                    return true;
                default:
                    TokenizerCheck.Read(name => name == "tokenizer_config.json" ? path : name == "vocab.txt" ? Path.Combine(Path.GetDirectoryName(path)!, "plain.txt") : null, 100);
                    return true;
            }
        }
        catch (RunFailedException e)
        {
            Assert.Contains(Path.GetFileName(path), e.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static void Encode(WordPieceTokenizer tokenizer)
    {
        Span<long> ids = stackalloc long[64];
        var count = tokenizer.Encode("A whale, [SEP] unwhaleable \u0301 漢字", ids);
        foreach (var id in ids[..count]) Assert.InRange(id, 0, tokenizer.Vocabulary.Tokens.Count - 1);
    }

    private byte[][] Seeds(string file)
    {
        const string Vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nwhale\n,\nun\n##whale\n##able\n漢\n";
        switch (file)
        {
            case "model.safetensors":
                var editor = new SafetensorsEditor { Metadata = """{"format":"pt","bert.pooler.dense.weight":"bert.embeddings.word_embeddings.weight"}""" };
                editor.Tensors.Add(("bert.embeddings.word_embeddings.weight", "F32", [2, 3], new byte[24]));
                editor.Tensors.Add(("bert.encoder.layer.0.output.LayerNorm.gamma", "BF16", [4], new byte[8]));
                editor.Tensors.Add(("mask", "BOOL", [3], new byte[3]));
                editor.Tensors.Add(("empty", "F64", [0, 7], []));
                return [editor.ToBytes(), .. new[] { new SafetensorsEditor { Tensors = { ("a", "F16", [], new byte[2]) } }.ToBytes() }];
            case "model.safetensors.index.json":
                return ["""{"metadata":{"total_size":48},"weight_map":{"a.weight":"model-00001-of-00002.safetensors","b.bias":"model-00002-of-00002.safetensors"}}"""u8.ToArray()];
            case "vocab.txt":
                return [Encoding.UTF8.GetBytes(Vocabulary), [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Vocabulary.Replace("\n", "\r\n"))]];
            case "tokenizer.json":
                var entries = string.Join(',', Vocabulary.Split('\n')[..^1].Select((token, id) => $"\"{token}\":{id}"));
                return
                [
                    Encoding.UTF8.GetBytes("""
                        {"truncation":{"direction":"Right","max_length":48,"strategy":"LongestFirst"},"added_tokens":[{"id":0,"content":"[PAD]"}],"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]"}},{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"[SEP]"}}]},"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{ENTRIES}}}
                        """.Replace("ENTRIES", entries)),
                ];
            default:
                File.WriteAllText(_folder.File("plain.txt"), Vocabulary);
                return ["""{"do_lower_case":true,"strip_accents":null,"tokenizer_class":"BertTokenizer","model_max_length":512}"""u8.ToArray()];
        }
    }

    /// <summary>
    /// A header of safetensors is mostly changed with its length set anew, and its data with it now and then: what is behind the first
    /// checks would hardly be reached otherwise.
    /// </summary>
    private static byte[] Mutated(string file, byte[] plain, SplitMix random)
    {
        if (file != "model.safetensors" || random.Below(4) == 0) return Mutate(plain, random);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(plain);
        var header = Mutate(plain[8..(8 + length)], random);
        byte[] bytes = [.. plain[..8], .. header, .. plain[(8 + length)..]];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        return random.Below(8) == 0 ? Mutate(bytes, random) : bytes;
    }

    /// <summary>
    /// One change, or in half of the files up to four: a byte, a digit or bracket, a piece left out, repeated or moved, or the end cut off.
    /// </summary>
    private static byte[] Mutate(byte[] plain, SplitMix random)
    {
        var bytes = plain.ToList();
        for (var change = random.Below(2) == 0 ? 0 : random.Below(4); change >= 0 && bytes.Count > 0; change--)
        {
            var at = random.Below(bytes.Count);
            var length = Math.Min(random.Below(24) + 1, bytes.Count - at);
            switch (random.Below(7))
            {
                case 0: bytes[at] = (byte)random.Below(256); break;
                case 1: bytes[at] = (byte)"0123456789-+.eE[]{},:\"\\ntf"[random.Below(26)]; break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(random.Below(bytes.Count), bytes.GetRange(at, length)); break;
                case 5: bytes.InsertRange(at, Encoding.ASCII.GetBytes(Numbers[random.Below(Numbers.Length)])); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    private static readonly string[] Numbers = ["9223372036854775807", "-1", "4294967296", "1e308", "null", "true", "\"\"", "[[[[[[[[[[[[[[[[[[", "{}", "\r", "\u0000"];
}
