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
    public void Every_outcome_survives_and_has_a_word_of_its_own()
    {
        var table = new SampleTable();
        foreach (var outcome in Outcomes.All) table.Add(new Sample(0, 1, 2, 3, outcome, 200, 1, 2, 3));
        Assert.Equal(table.Rows.ToArray(), Read(Write(table)).Rows.ToArray());
        Assert.Equal(Enumerable.Range(0, Outcomes.All.Count), Outcomes.All.Select(o => (int)o));
        Assert.Equal(Outcomes.All.Count, Outcomes.All.Select(o => o.Id()).Distinct().Count());
        // They are in stored files: never renumbered.
        Assert.Equal((8, 12), ((int)Outcome.Rejected, (int)Outcome.ServerTimeout));
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
        byte[] extra = [5, .. "later"u8, 2, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3];
        Assert.Equal(Table(3).Rows.ToArray(), Read([.. bytes, .. extra]).Rows.ToArray());
    }

    /// <summary>Written by the program that wrote <c>SBSAMPL1</c>: columns without types, no series.</summary>
    [Fact]
    public void A_file_of_the_first_format_still_reads()
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Storage", "first-format.samples"));
        Assert.StartsWith("SBSAMPL1", System.Text.Encoding.ASCII.GetString(bytes, 0, 8), StringComparison.Ordinal);
        var table = Read(bytes);
        Assert.Equal(Table(50).Rows.ToArray(), table.Rows.ToArray());
        Assert.Empty(table.AllSeries);
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            Assert.Throws<InvalidDataException>(() => Read(cut));
        }
    }

    /// <summary>As a file written before the column existed: it has the usual value where there is one, and is refused where there is none.</summary>
    [Fact]
    public void A_column_that_a_file_lacks_has_its_usual_value_or_is_missed()
    {
        var bytes = Write(Table(3));
        bytes[16]--; // number of columns, little-endian: the last, payload, is passed over as if it were not there
        Assert.Contains("the column payload is missing", Assert.Throws<InvalidDataException>(() => Read(bytes)).Message, StringComparison.Ordinal);
        var usual = SampleColumn.All.Select(c => c.Name == "payload" ? c with { Usual = 7 } : c).ToArray();
        Assert.All(SampleFile.Read(new MemoryStream(bytes), usual).Rows.ToArray(), s => Assert.Equal(7, s.Payload));
        // A column that holds nothing but its usual value takes no room at all.
        var table = Table(3);
        var without = new MemoryStream();
        SampleFile.Write(without, Same(table, s => s with { Payload = 7 }), usual);
        Assert.Equal(bytes[16], without.ToArray()[16]);
    }

    [Fact]
    public void Series_are_read_again_and_only_those_samples_have_them_that_were_given_some()
    {
        var table = Table(6);
        var events = table.Add(new SampleSeries(SampleSeries.Events));
        var other = table.Add(new SampleSeries("another"));
        events.Set(1, [100, 250, 250, 1_000_000_000_000]);
        events.Set(2, []);
        events.Set(4, [-5]);
        other.Set(5, Enumerable.Range(0, 1000).Select(i => i * 3L).ToArray());
        var again = Read(Write(table));
        Assert.Equal(["another", SampleSeries.Events], again.AllSeries.Select(s => s.Name));
        foreach (var series in table.AllSeries)
            for (var i = 0; i < 6; i++) Assert.Equal(series[i].ToArray(), again.Series(series.Name)![i].ToArray());
        Assert.Equal(table.Rows.ToArray(), again.Rows.ToArray());
        Assert.Throws<ArgumentException>(() => table.Add(new SampleSeries("another")));
        Assert.Throws<ArgumentOutOfRangeException>(() => events.Set(4, [1]));
    }

    [Fact]
    public void A_file_with_series_that_is_cut_off_or_changed_is_refused_or_read()
    {
        var table = Table(5);
        table.Add(new SampleSeries(SampleSeries.Events)).Set(3, [1, 200, 40_000]);
        var whole = Write(table);
        for (var at = 0; at < whole.Length; at++)
        {
            var cut = whole[..at];
            Assert.Throws<InvalidDataException>(() => Read(cut));
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

    private static SampleTable Same(SampleTable table, Func<Sample, Sample> change)
    {
        var same = new SampleTable();
        foreach (var row in table.Rows.ToArray()) same.Add(change(row));
        return same;
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
