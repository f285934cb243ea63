using System.Text;
using ServeBench.Processes.Servers;

namespace ServeBench.Processes.Tests;

public sealed class KeptLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    private string Log => Path.Combine(_folder, "server.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private byte[] Redacted(byte[] log)
    {
        File.WriteAllBytes(Log, log);
        KeptLog.Redact(Log);
        return File.ReadAllBytes(Log);
    }

    private string Redacted(string log) => Encoding.UTF8.GetString(Redacted(Encoding.UTF8.GetBytes(log)));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("no end")]
    [InlineData("one\r\ntwo\n\nthree\n")]
    public void What_has_no_secret_is_left_to_the_byte(string log) => Assert.Equal(log, Redacted(log));

    [Fact]
    public void Other_lines_keep_their_bytes_whatever_they_are()
    {
        byte[] odd = [0xff, 0x00, 0xc3, (byte)'\n', 0x1b, (byte)'[', (byte)'m'];
        Assert.Equal([.. odd, .. "\nTOKEN=[redacted]\n"u8, .. odd], Redacted([.. odd, .. "\nTOKEN=pl4nted\n"u8, .. odd]));
    }

    /// <summary>Wherever in the file it is, and with it where one read ends and the next begins.</summary>
    [Fact]
    [Lane("slow")]
    public void A_secret_is_found_wherever_two_reads_meet()
    {
        const string Secret = "password=pl4nted";
        for (var at = (1 << 16) - Secret.Length - 2; at <= (1 << 16) + 2; at++)
        {
            foreach (var before in new[] { new string('x', at - 1) + " ", string.Concat(Enumerable.Repeat("0123456\n", (at / 8) + 1))[..(at - 1)] + "\n" })
                Assert.Equal($"{before}password=[redacted] and more\n", Redacted($"{before}{Secret} and more\n"));
        }
    }

    [Fact]
    [Lane("slow")]
    public void A_line_longer_than_any_is_cut_and_what_follows_is_read()
    {
        var kept = Redacted($"{new string('x', KeptLog.LongestLine + 70_000)} password=pl4nted\ntoken=pl4nted\nend");
        Assert.Equal($"{new string('x', KeptLog.LongestLine)}... (cut)\ntoken=[redacted]\nend", kept);
        Assert.Equal("end", Redacted("end"));
    }

    [Fact]
    public void A_log_that_is_not_there_is_none() => KeptLog.Redact(Log);
}
