using ServeBench.Domain.Samples;

namespace ServeBench.Domain.Storage;

/// <summary>
/// One column of a sample file. A new one is a property of <see cref="Sample"/> with a usual value and a line in <see cref="All"/>; files
/// that were written before still read, with that value, and a column that holds nothing else is not written.
/// </summary>
/// <param name="Name">Unique and stable: the key in the file.</param>
/// <param name="Type">What the numbers are.</param>
/// <param name="Usual">The value of samples of files without the column; null where every file has it.</param>
/// <param name="Get">The sample's value.</param>
/// <param name="With">The sample with another value; <see cref="InvalidDataException"/> where it cannot be.</param>
internal sealed record SampleColumn(
    string Name, SampleColumnType Type, long? Usual, SampleColumn.Getter Get, SampleColumn.Setter With)
{
    public delegate long Getter(in Sample sample);

    public delegate Sample Setter(in Sample sample, long value);

    /// <summary>Every column, in the order of the file: a column may count from those before it.</summary>
    public static IReadOnlyList<SampleColumn> All { get; } =
    [
        new("intended", SampleColumnType.Time, null, (in s) => s.Intended, (in s, v) => s with { Intended = v }),
        new("sent", SampleColumnType.TimeAfter, null, (in s) => s.Sent - s.Intended, (in s, v) => s with { Sent = s.Intended + v }),
        new("first", SampleColumnType.TimeAfter, null, (in s) => s.First - s.Sent, (in s, v) => s with { First = s.Sent + v }),
        new("last", SampleColumnType.TimeAfter, null, (in s) => s.Last - s.First, (in s, v) => s with { Last = s.First + v }),
        new("outcome", SampleColumnType.Code, null, (in s) => (long)s.Outcome, (in s, v) => s with { Outcome = OutcomeOf(v) }),
        new("status", SampleColumnType.Number, null, (in s) => s.Status, (in s, v) => s with { Status = (ushort)v }),
        new("items", SampleColumnType.Number, null, (in s) => s.Items, (in s, v) => s with { Items = (int)v }),
        new("bytes", SampleColumnType.Number, null, (in s) => s.ResponseBytes, (in s, v) => s with { ResponseBytes = (int)v }),
        new("payload", SampleColumnType.Number, null, (in s) => s.Payload, (in s, v) => s with { Payload = (int)v }),
    ];

    /// <summary>Whether each value is stored as its difference from the sample's before, which is small.</summary>
    public bool IsDifference => Type is SampleColumnType.Time or SampleColumnType.Number;

    private static Outcome OutcomeOf(long value) =>
        value >= 0 && value < Outcomes.All.Count
            ? (Outcome)value
            : throw new InvalidDataException($"there is an unknown outcome {value}");
}

/// <summary>What the numbers of a column are. Also the byte that says so in a file.</summary>
internal enum SampleColumnType : byte
{
    /// <summary>Nanoseconds since the start of the window.</summary>
    Time = 0,

    /// <summary>Nanoseconds after another time of the same sample.</summary>
    TimeAfter = 1,

    /// <summary>A count, a size or an identifier.</summary>
    Number = 2,

    /// <summary>One of a few names.</summary>
    Code = 3,

    /// <summary>Not one number for each sample but a series of them: nanoseconds after the request was sent, rising.</summary>
    Series = 4,
}
