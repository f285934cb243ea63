using ServeBench.Domain.Samples;
using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Tests.Storage;

public class SampleFileTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var table = Table(5000);
        var again = Read(Write(table));
        Assert.Equal(table.Rows.ToArray(), again.Rows.ToArray());
    }

    [Fact]
    public void Extreme_values_survive()
    {
        var table = new SampleTable();
        table.Add(new Sample(long.MinValue / 4, 0, long.MaxValue / 4, long.MaxValue / 4, Outcome.Dropped, ushort.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue));
        table.Add(new Sample(-5, -5, -5, -5, Outcome.Timeout, 0, 1, 0, 0));
        Assert.Equal(table.Rows.ToArray(), Read(Write(table)).Rows.ToArray());
    }

    [Fact]
    public void No_sample_at_all_is_a_file_too() => Assert.Equal(0, Read(Write(new SampleTable())).Count);

    [Fact]
    public void A_sample_takes_few_bytes() => Assert.InRange(Write(Table(5000)).Length / 5000.0, 1, 20);

    [Fact]
    public void A_file_cut_off_anywhere_is_refused()
    {
        var whole = Write(Table(20));
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.Throws<InvalidDataException>(() => Read(cut));
        }
    }

    [Fact]
    public void Any_changed_byte_gives_an_error_or_a_table_but_never_anything_else()
    {
        var whole = Write(Table(20));
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var flip in new byte[] { 0x01, 0x80, 0xff })
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= flip;
                try
                {
                    Assert.InRange(Read(changed).Count, 0, 1 << 20);
                }
                catch (InvalidDataException)
                {
                    // the other permitted end
                }
            }
        }
    }

    [Fact]
    public void Unknown_columns_are_passed_over()
    {
        // A later format: one column more, at the end.
        var bytes = Write(Table(3));
        bytes[16]++; // number of columns, little-endian
        byte[] extra = [5, .. "later"u8, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3];
        Assert.Equal(Table(3).Rows.ToArray(), Read([.. bytes, .. extra]).Rows.ToArray());
    }

    private static SampleTable Table(int count)
    {
        var table = new SampleTable(1);
        for (var i = 0; i < count; i++)
        {
            var intended = i * 1_000_003L;
            table.Add(new Sample(intended, intended + (i % 7) * 1000, intended + 5_000_000 + i, intended + 5_100_000 + i * 13L, (Outcome)(i % 7), (ushort)(i % 2 == 0 ? 200 : 503), 1 + (i % 3), 4000 + i, i % 256));
        }
        return table;
    }

    private static byte[] Write(SampleTable table)
    {
        using var stream = new MemoryStream();
        SampleFile.Write(stream, table);
        return stream.ToArray();
    }

    private static SampleTable Read(byte[] bytes) => SampleFile.Read(new MemoryStream(bytes));
}
