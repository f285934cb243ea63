using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ServeBench.Domain.Samples;

namespace ServeBench.Domain.Storage;

/// <summary>
/// The compact file of one trial's samples (docs/formats.md): the magic <c>SBSAMPL2</c>, the number of samples, the number
/// of columns, then each column as its name, its type, its length in bytes and its values as zigzag variable-length integers. Times are
/// stored as small differences, so a sample takes about 16 bytes and every nanosecond is kept. Readers skip columns they do
/// not know, and give those that a file lacks their usual value, so a later program can add columns without breaking any file.
/// Files of the first format (<c>SBSAMPL1</c>), in which columns had no type and there were no series, are read as well.
/// </summary>
public static class SampleFile
{
    private static readonly byte[] Magic = "SBSAMPL2"u8.ToArray();
    private static readonly byte[] FirstMagic = "SBSAMPL1"u8.ToArray();

    public static void Write(Stream output, SampleTable table) => Write(output, table, SampleColumn.All);

    /// <param name="input">The file; it can be sought in.</param>
    /// <exception cref="InvalidDataException">when the file is not a whole sample file; the message says where it breaks.</exception>
    public static SampleTable Read(Stream input) => Read(input, SampleColumn.All);

    internal static void Write(Stream output, SampleTable table, IReadOnlyList<SampleColumn> all)
    {
        SampleColumn[] columns = [.. all.Where(c => c.Usual is not { } usual || table.Rows.ContainsAnyExceptUsual(c, usual))];
        Span<byte> header = stackalloc byte[12];
        output.Write(Magic);
        BinaryPrimitives.WriteInt64LittleEndian(header, table.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], columns.Length + table.AllSeries.Count);
        output.Write(header);
        var buffer = new ArrayBufferWriter<byte>(table.Count * 3 + 64);
        foreach (var column in columns)
        {
            buffer.Clear();
            var previous = 0L;
            foreach (ref readonly var row in table.Rows)
            {
                var value = column.Get(in row);
                VariableInteger.Write(buffer, column.IsDifference ? value - previous : value);
                previous = value;
            }
            WriteColumn(output, column.Name, column.Type, buffer.WrittenSpan);
        }
        foreach (var series in table.AllSeries)
        {
            buffer.Clear();
            for (var i = 0; i < table.Count; i++)
            {
                var values = series[i];
                VariableInteger.Write(buffer, values.Length);
                var previous = 0L;
                foreach (var value in values)
                {
                    VariableInteger.Write(buffer, value - previous);
                    previous = value;
                }
            }
            WriteColumn(output, series.Name, SampleColumnType.Series, buffer.WrittenSpan);
        }
    }

    internal static SampleTable Read(Stream input, IReadOnlyList<SampleColumn> all)
    {
        var header = new byte[12];
        Fill(input, header.AsSpan(0, 8), "the magic");
        var hasTypes = header.AsSpan(0, 8).SequenceEqual(Magic);
        if (!hasTypes && !header.AsSpan(0, 8).SequenceEqual(FirstMagic))
            throw new InvalidDataException("this is not a sample file: it begins with neither SBSAMPL2 nor SBSAMPL1");
        Fill(input, header, "the header");
        var count = BinaryPrimitives.ReadInt64LittleEndian(header);
        var columnCount = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        if (count is < 0 or > 1_000_000_000 || columnCount is < 0 or > 256)
            throw new InvalidDataException($"the header claims {count} samples in {columnCount} columns");

        var columns = new Dictionary<string, VariableIntegers>();
        var series = new List<VariableIntegers>();
        for (var c = 0; c < columnCount; c++)
        {
            var (type, values) = FindColumn(input, count, hasTypes);
            if (type == SampleColumnType.Series) series.Add(values);
            else columns[values.Name] = values;
        }
        var known = all.Select(c => (Column: c, Values: columns.GetValueOrDefault(c.Name))).ToArray();
        if (known.FirstOrDefault(k => k is { Values: null, Column.Usual: null }).Column is { } missing)
            throw new InvalidDataException($"the column {missing.Name} is missing");
        var table = Assemble(known, (int)count);
        foreach (var one in series) table.Add(ReadSeries(one, (int)count));
        foreach (var (_, values) in known) values?.Finish();
        return table;
    }

    /// <summary>Walks all columns in step, each read piece by piece, so that a large file needs memory for its samples only.</summary>
    private static SampleTable Assemble((SampleColumn Column, VariableIntegers? Values)[] columns, int count)
    {
        var table = new SampleTable(count);
        var previous = new long[columns.Length];
        for (var i = 0; i < count; i++)
        {
            var sample = default(Sample);
            for (var c = 0; c < columns.Length; c++)
            {
                var (column, values) = columns[c];
                var value = values is null ? column.Usual!.Value : values.Next() + (column.IsDifference ? previous[c] : 0);
                previous[c] = value;
                sample = column.With(in sample, value);
            }
            table.Add(in sample);
        }
        return table;
    }

    private static SampleSeries ReadSeries(VariableIntegers values, int count)
    {
        var series = new SampleSeries(values.Name, count);
        var one = new long[16];
        for (var i = 0; i < count; i++)
        {
            var length = values.Next();
            if (length < 0 || length > values.Left)
                throw new InvalidDataException($"the series {values.Name} claims {length} values for sample {i}");
            if (one.Length < length) one = new long[length];
            var previous = 0L;
            for (var v = 0; v < length; v++) one[v] = previous += values.Next();
            series.Set(i, one.AsSpan(0, (int)length));
        }
        values.Finish();
        return series;
    }

    private static void WriteColumn(Stream output, string name, SampleColumnType type, ReadOnlySpan<byte> values)
    {
        Span<byte> length = stackalloc byte[8];
        var nameBytes = Encoding.ASCII.GetBytes(name);
        output.WriteByte((byte)nameBytes.Length);
        output.Write(nameBytes);
        output.WriteByte((byte)type);
        BinaryPrimitives.WriteInt64LittleEndian(length, values.Length);
        output.Write(length);
        output.Write(values);
    }

    /// <summary>Reads a column's head and passes over its values.</summary>
    private static (SampleColumnType Type, VariableIntegers Values) FindColumn(Stream input, long count, bool hasType)
    {
        var small = new byte[256];
        Fill(input, small.AsSpan(0, 1), "a column's name");
        var nameLength = small[0];
        Fill(input, small.AsSpan(0, nameLength), "a column's name");
        var name = Encoding.ASCII.GetString(small, 0, nameLength);
        var type = SampleColumnType.Number;
        if (hasType)
        {
            Fill(input, small.AsSpan(0, 1), $"the type of column {name}");
            type = (SampleColumnType)small[0];
        }
        Fill(input, small.AsSpan(0, 8), $"the length of column {name}");
        var length = BinaryPrimitives.ReadInt64LittleEndian(small);
        // A value takes one byte to ten; of a series only the least is known.
        if (length < count || (type != SampleColumnType.Series && length > count * 10))
            throw new InvalidDataException($"the column {name} claims {length} bytes for {count} samples");
        if (length > input.Length - input.Position) throw new InvalidDataException($"the file ends inside column {name}");
        var values = new VariableIntegers(name, input, input.Position, length);
        input.Position += length;
        return (type, values);
    }

    private static bool ContainsAnyExceptUsual(this ReadOnlySpan<Sample> rows, SampleColumn column, long usual)
    {
        foreach (ref readonly var row in rows)
            if (column.Get(in row) != usual) return true;
        return false;
    }

    private static void Fill(Stream input, Span<byte> into, string what)
    {
        var read = input.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        if (read < into.Length) throw new InvalidDataException($"the file ends inside {what}");
    }
}
