using System.Globalization;
using System.Text;
using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Tests.Storage;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("mixed-length", "mixed-length")]
    [InlineData("a/case", "a_2fcase")]
    [InlineData("a case", "a_20case")]
    [InlineData("a_case", "a__case")]
    [InlineData("A", "A_x8")]
    [InlineData("all-MiniLM-L6-v2", "all-MiniLM-L6-v2_x11c")]
    [InlineData("CON.a", "_43ON.a_xe")]
    [InlineData("..", "_2e_2e")]
    [InlineData(".hidden", "_2ehidden")]
    [InlineData("-option", "_2doption")]
    [InlineData("con", "_63on")]
    [InlineData("con.txt", "_63on.txt")]
    [InlineData("console", "console")]
    [InlineData("", "_empty")]
    [InlineData("日本", "_e6_97_a5_e6_9c_ac")]
    public void A_name_is_safe_and_readable(string name, string file) => Assert.Equal(file, FileNames.Of(name));

    [Fact]
    public void Half_a_surrogate_pair_is_a_name_like_any_other() => Assert.Equal("a_ud800", FileNames.Of("a\ud800"));

    [Fact]
    public void Parts_are_kept_apart()
    {
        Assert.Equal("a_.b", FileNames.Of("a", "b"));
        string[][] different = [["a", "b"], ["a_", "b"], ["a", "_b"], ["a.b"], ["a-b"], ["a", "", "b"], ["a", "b", ""], ["", "a", "b"], ["ab"], ["a_.b"], ["a", "b-c"], ["a-b", "c"]];
        Assert.Equal(different.Length, different.Select(FileNames.Of).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    /// <summary>What can be turned back is injective; names are of the characters most likely to be confused, and of any others.</summary>
    [Fact]
    [Lane("slow")]
    public void Every_name_that_is_not_shortened_can_be_told_from_its_file()
    {
        var random = new Random(7);
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        const string Likely = "aAbBzZ09.-_~ /\\:*?\"<>|()é\u0301日\ud83d\ude00\ud800\0\n";
        for (var i = 0; i < 50_000; i++)
        {
            var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(0, 6))
                .Select(_ => random.Next(4) > 0 ? Likely[random.Next(Likely.Length)] : (char)random.Next(0x10000)))).ToArray();
            var file = FileNames.Of(parts);
            if (file.Length <= 100) Assert.Equal(parts, Back(file));
            Assert.Matches("^[A-Za-z0-9_][A-Za-z0-9._-]*$", file);
            Assert.Equal(string.Join('|', parts), owners.TryAdd(file, string.Join('|', parts)) ? string.Join('|', parts) : owners[file]);
            Assert.False(file.EndsWith('.'), file);
        }
    }

    [Fact]
    public void Long_names_are_cut_and_stay_different()
    {
        var names = Enumerable.Range(0, 2000).Select(i => new string('x', 119 + i % 7) + i.ToString(CultureInfo.InvariantCulture)).ToList();
        var (two, one) = (FileNames.Of(new string('x', 100), new string('y', 100)), FileNames.Of(new string('x', 100) + "_." + new string('y', 100)));
        Assert.NotEqual(two, one);
        var files = names.Select(n => FileNames.Of(n)).ToArray();
        Assert.All(files, f => Assert.InRange(f.Length, 1, FileNames.Longest));
        Assert.Equal(names.Count, files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        // A name that looks like a shortened one is none.
        Assert.NotEqual(files[10], FileNames.Of(files[10]));
    }

    private static List<string> Back(string file)
    {
        var (parts, at) = (new List<string>(), 0);
        var (text, bytes) = (new StringBuilder(), new List<byte>());
        while (at < file.Length)
        {
            if (file[at] != '_')
            {
                Flush();
                text.Append(file[at++]);
                continue;
            }
            var next = file[at + 1];
            if (next == '_') { Flush(); text.Append('_'); at += 2; }
            else if (next == '.') { Flush(); parts.Add(text.ToString()); text.Clear(); at += 2; }
            else if (next == 'x') { Flush(); for (at += 2; at < file.Length && char.IsAsciiHexDigitLower(file[at]); at++) { } }
            else if (next == 'u') { Flush(); text.Append((char)int.Parse(file.AsSpan(at + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture)); at += 6; }
            else if (file.AsSpan(at).StartsWith("_empty")) { Flush(); at += 6; }
            else { bytes.Add(byte.Parse(file.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)); at += 3; }
        }
        Flush();
        parts.Add(text.ToString());
        return parts;

        void Flush()
        {
            text.Append(Encoding.UTF8.GetString([.. bytes]));
            bytes.Clear();
        }
    }
}
