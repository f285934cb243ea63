using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ServeBench.Domain.Samples;

namespace ServeBench.Domain.Storage;

/// <summary>
/// The compact file of one trial's samples (docs/formats.md): the magic <c>SBSAMPL1</c>, the number of samples, the number
/// of columns, then each column as its name, its length in bytes and its values as zigzag variable-length integers. Times are
/// stored as small differences, so a sample takes about 16 bytes and every nanosecond is kept. Readers skip columns they do
/// not know; a later format can add columns without breaking them.
/// </summary>
public static class SampleFile
{
    private static readonly byte[] Magic = "SBSAMPL1"u8.ToArray();

    private delegate long Get(in Sample sample, in Sample previous);

    /// <summary>How each column is derived; <see cref="Read"/> inverts this.</summary>
    private static readonly (string Name, Get Value)[] Columns =
    [
        ("intended", (in s, in p) => s.Intended - p.Intended),
        ("sent", (in s, in _) => s.Sent - s.Intended),
        ("first", (in s, in _) => s.First - s.Sent),
        ("last", (in s, in _) => s.Last - s.First),
        ("outcome", (in s, in _) => (long)s.Outcome),
        ("status", (in s, in p) => s.Status - p.Status),
        ("items", (in s, in p) => s.Items - p.Items),
        ("bytes", (in s, in p) => s.ResponseBytes - p.ResponseBytes),
        ("payload", (in s, in p) => s.Payload - p.Payload),
    ];

    public static void Write(Stream output, SampleTable table)
    {
        Span<byte> header = stackalloc byte[12];
        output.Write(Magic);
        BinaryPrimitives.WriteInt64LittleEndian(header, table.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Columns.Length);
        output.Write(header);
        var buffer = new ArrayBufferWriter<byte>(table.Count * 3 + 64);
        foreach (var (name, value) in Columns)
        {
            buffer.Clear();
            WriteColumn(buffer, table.Rows, value);
            var nameBytes = Encoding.ASCII.GetBytes(name);
            output.WriteByte((byte)nameBytes.Length);
            output.Write(nameBytes);
            BinaryPrimitives.WriteInt64LittleEndian(header, buffer.WrittenCount);
            output.Write(header[..8]);
            output.Write(buffer.WrittenSpan);
        }
    }

    /// <param name="input">The file; it can be sought in.</param>
    /// <exception cref="InvalidDataException">when the file is not a whole sample file; the message says where it breaks.</exception>
    public static SampleTable Read(Stream input)
    {
        var header = new byte[12];
        Fill(input, header.AsSpan(0, 8), "the magic");
        if (!header.AsSpan(0, 8).SequenceEqual(Magic)) throw new InvalidDataException("this is not a sample file: it does not begin with SBSAMPL1");
        Fill(input, header, "the header");
        var count = BinaryPrimitives.ReadInt64LittleEndian(header);
        var columnCount = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        if (count is < 0 or > 1_000_000_000 || columnCount is < 0 or > 256)
            throw new InvalidDataException($"the header claims {count} samples in {columnCount} columns");

        var columns = new Dictionary<string, SampleColumn>();
        for (var c = 0; c < columnCount; c++)
        {
            var column = FindColumn(input, count);
            columns[column.Name] = column;
        }
        var ordered = Array.ConvertAll(Columns, known => columns.GetValueOrDefault(known.Name)
            ?? throw new InvalidDataException($"the column {known.Name} is missing"));
        var table = Assemble(ordered, (int)count);
        foreach (var column in ordered) column.Finish();
        return table;
    }

    /// <summary>Walks all columns in step, each read piece by piece, so that a large file needs memory for its samples only.</summary>
    private static SampleTable Assemble(SampleColumn[] columns, int count)
    {
        var table = new SampleTable(count);
        var previous = default(Sample);
        for (var i = 0; i < count; i++)
        {
            var intended = previous.Intended + columns[0].Next();
            var sent = intended + columns[1].Next();
            var first = sent + columns[2].Next();
            var last = first + columns[3].Next();
            var outcome = columns[4].Next();
            if (outcome is < 0 or > (long)Outcome.Dropped) throw new InvalidDataException($"sample {i} has the unknown outcome {outcome}");
            previous = new Sample(intended, sent, first, last, (Outcome)outcome,
                (ushort)(previous.Status + columns[5].Next()), (int)(previous.Items + columns[6].Next()),
                (int)(previous.ResponseBytes + columns[7].Next()), (int)(previous.Payload + columns[8].Next()));
            table.Add(previous);
        }
        return table;
    }

    private static void WriteColumn(ArrayBufferWriter<byte> buffer, ReadOnlySpan<Sample> rows, Get value)
    {
        var previous = default(Sample);
        foreach (ref readonly var row in rows)
        {
            var number = value(in row, in previous);
            var zigzag = (ulong)((number << 1) ^ (number >> 63));
            var span = buffer.GetSpan(10);
            var length = 0;
            while (zigzag >= 0x80)
            {
                span[length++] = (byte)(zigzag | 0x80);
                zigzag >>= 7;
            }
            span[length++] = (byte)zigzag;
            buffer.Advance(length);
            previous = row;
        }
    }

    /// <summary>Reads a column's head and passes over its values.</summary>
    private static SampleColumn FindColumn(Stream input, long count)
    {
        var small = new byte[256];
        Fill(input, small.AsSpan(0, 1), "a column's name");
        var nameLength = small[0];
        Fill(input, small.AsSpan(0, nameLength), "a column's name");
        var name = Encoding.ASCII.GetString(small, 0, nameLength);
        Fill(input, small.AsSpan(0, 8), $"the length of column {name}");
        var length = BinaryPrimitives.ReadInt64LittleEndian(small);
        if (length < count || length > count * 10)
            throw new InvalidDataException($"the column {name} claims {length} bytes for {count} samples");
        if (length > input.Length - input.Position) throw new InvalidDataException($"the file ends inside column {name}");
        var column = new SampleColumn(name, input, input.Position, length);
        input.Position += length;
        return column;
    }

    private static void Fill(Stream input, Span<byte> into, string what)
    {
        var read = input.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        if (read < into.Length) throw new InvalidDataException($"the file ends inside {what}");
    }
}
