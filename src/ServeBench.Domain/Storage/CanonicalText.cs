using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace ServeBench.Domain.Storage;

/// <summary>
/// A value as text from which its fingerprint is made: equal values give equal texts, and different ones different texts. A record is
/// its type's name and the name, type and value of every public property (but those that decide nothing), in ordinal order of
/// name; a list is its elements in order; a dictionary its entries in ordinal order of key; an enum its type's and member's name. Numbers
/// are written so that they can be read back exactly, whatever the culture. The folder of a type (its namespace) does not count, so
/// that a file can be moved.
/// </summary>
public static class CanonicalText
{
    /// <summary>A record that holds itself, by whatever way round, would have no end.</summary>
    private const int Deepest = 32;

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]?> Known = new();

    /// <param name="value">A record or anything that may be in one: text, numbers, flags, enums, times, lists, dictionaries with
    /// text as keys.</param>
    /// <param name="leftOut">Names of properties of the value itself that do not count here.</param>
    /// <exception cref="NotSupportedException">when something in it has no canonical text; the message names the place and the
    /// type.</exception>
    public static string Of(object? value, params IReadOnlyCollection<string> leftOut)
    {
        var text = new StringBuilder();
        Write(text, value, value?.GetType().Name ?? "", 0, leftOut);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, string place, int depth, IReadOnlyCollection<string> leftOut)
    {
        if (depth > Deepest) throw new NotSupportedException($"{place} is nested too deeply: does it hold itself?");
        switch (value)
        {
            case null: text.Append("null"); return;
            case string s: Quote(text, s); return;
            case bool b: text.Append(b ? "true" : "false"); return;
            case TimeSpan t: text.Append(CultureInfo.InvariantCulture, $"TimeSpan {t.Ticks}"); return;
            case double or float or decimal or int or long or short or byte or sbyte or uint or ulong or ushort:
                text.Append(CultureInfo.InvariantCulture, $"{value.GetType().Name} {value}");
                return;
            case Enum e: text.Append(CultureInfo.InvariantCulture, $"{e.GetType().Name}.{Member(e, place)}"); return;
            case IDictionary entries: WriteEntries(text, entries, place, depth); return;
            case IList items: WriteItems(text, items, place, depth); return;
            case ITuple tuple: WriteItems(text, Enumerable.Range(0, tuple.Length).Select(i => tuple[i]).ToArray(), place, depth); return;
            default: WriteRecord(text, value, place, depth, leftOut); return;
        }
    }

    private static void WriteRecord(StringBuilder text, object value, string place, int depth, IReadOnlyCollection<string> leftOut)
    {
        var type = value.GetType();
        var properties = Known.GetOrAdd(type, PropertiesOf) ?? throw new NotSupportedException(
            $"{place} is of type {type}, which has no canonical text: "
                + "fingerprints are made of records, text, numbers, flags, enums, times, lists and dictionaries");
        if (leftOut.FirstOrDefault(name => properties.All(p => p.Name != name)) is { } unknown)
            throw new ArgumentException($"{type.Name} has no {unknown} to leave out", nameof(leftOut));
        text.Append(type.Name).Append('(');
        foreach (var property in properties.Where(p => !leftOut.Contains(p.Name)))
        {
            text.Append(property.Name).Append(": ");
            Write(text, property.GetValue(value), $"{place}.{property.Name}", depth + 1, []);
            text.Append("; ");
        }
        text.Append(')');
    }

    /// <returns>Null for a type that is no record: what it holds cannot be known from outside.</returns>
    private static PropertyInfo[]? PropertiesOf(Type type)
    {
        var isPair = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);
        // Compilers give these to records alone: the first to classes, the second to both kinds.
        var isRecord = type.GetMethod("<Clone>$") is not null
            || type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null;
        return isPair || isRecord
            ? [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(p => p.GetIndexParameters().Length == 0 && p.GetCustomAttribute<DecidesNothingAttribute>() is null)
                .OrderBy(p => p.Name, StringComparer.Ordinal)]
            : null;
    }

    private static void WriteItems(StringBuilder text, IList items, string place, int depth)
    {
        text.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            Write(text, items[i], $"{place}[{i}]", depth + 1, []);
            text.Append(", ");
        }
        text.Append(']');
    }

    private static void WriteEntries(StringBuilder text, IDictionary entries, string place, int depth)
    {
        var sorted = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in entries)
            sorted.Add(
                entry.Key as string
                    ?? throw new NotSupportedException(
                        $"{place} has keys of type {entry.Key.GetType()}, which have no order of their own: use text"),
                entry.Value);
        text.Append('{');
        foreach (var (key, entry) in sorted)
        {
            Quote(text, key);
            text.Append(": ");
            Write(text, entry, $"{place}[{key}]", depth + 1, []);
            text.Append(", ");
        }
        text.Append('}');
    }

    private static string Member(Enum value, string place) =>
        value.ToString() is var name && (char.IsAsciiLetter(name[0]) || name[0] == '_')
            ? name
            : throw new NotSupportedException($"{place} is {name}, which is no {value.GetType().Name}");

    private static void Quote(StringBuilder text, string value) =>
        text
            .Append('"')
            .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))
            .Append('"');
}
