using System.Collections;
using System.Reflection;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Storage;

namespace ServeBench.Tests;

/// <summary>Copies of a record that differ from it in one place each: every property, of it and of all that it holds, in turn.</summary>
internal static class Variations
{
    /// <returns>The place, the changed copy, and whether it is to count in a fingerprint.</returns>
    /// <exception cref="InvalidOperationException">when the sample has null or an empty list where a value is needed to change it.</exception>
    public static IEnumerable<(string Place, T Changed, bool Counts)> Of<T>(T record)
        where T : notnull => OfRecord(record, record.GetType().Name, onlyCounted: false).Select(v => (v.Place, (T)v.Changed!, v.Counts));

    /// <summary>As above, but for what is not to count: of a record that holds much that is counted elsewhere.</summary>
    public static IEnumerable<(string Place, T Changed, bool Counts)> OfCounted<T>(T record)
        where T : notnull => OfRecord(record, record.GetType().Name, onlyCounted: true).Select(v => (v.Place, (T)v.Changed!, v.Counts));

    private static IEnumerable<(string Place, object? Changed, bool Counts)> OfRecord(object record, string place, bool onlyCounted)
    {
        var properties = record.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.SetMethod is not null).ToArray();
        if (properties.Length == 0) throw new InvalidOperationException($"{place}: nothing of {record.GetType()} can be changed");
        foreach (var property in properties)
        {
            var counts = property.GetCustomAttribute<DecidesNothingAttribute>() is null;
            if (onlyCounted && !counts) continue;
            foreach (var (inside, changed, countsInside) in OfValue(property.GetValue(record), property.PropertyType, $"{place}.{property.Name}", onlyCounted))
            {
                var copy = record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
                property.SetValue(copy, changed);
                yield return (inside, copy, counts && countsInside);
            }
        }
    }

    private static IEnumerable<(string Place, object? Changed, bool Counts)> OfValue(object? value, Type type, string place, bool onlyCounted)
    {
        if (value is not null && Nullable.GetUnderlyingType(type) is not null) yield return ($"{place} absent", null, true);
        var changes = value switch
        {
            null => [(place, Sample(Nullable.GetUnderlyingType(type) ?? type, place), true)],
            string text => [(place, text + "x", true)],
            bool flag => [(place, !flag, true)],
            int number => [(place, number + 1, true)],
            long number => [(place, number + 1, true)],
            double number => [(place, number + 0.125, true)],
            TimeSpan time => [(place, time + TimeSpan.FromTicks(1), true)],
            Enum member => [(place, Enum.GetValues(member.GetType()).Cast<object>().First(m => !m.Equals(member)), true)],
            JsonPath path => [(place, JsonPath.TryParse($"{path.Text}.x", out _), true)],
            IDictionary entries => OfEntries(entries, type, place, onlyCounted),
            IList items => OfItems(items, type, place, onlyCounted),
            _ => OfRecord(value, place, onlyCounted),
        };
        foreach (var change in changes) yield return change;
    }

    private static IEnumerable<(string Place, object? Changed, bool Counts)> OfItems(IList items, Type type, string place, bool onlyCounted)
    {
        if (items.Count == 0) throw new InvalidOperationException($"{place} is empty: give the sample an element to change");
        var of = ElementOf(type, typeof(IReadOnlyList<>))[0];
        yield return ($"{place} shorter", Filled(of, items.Cast<object>().Skip(1)), true);
        for (var i = 0; i < items.Count; i++)
        {
            foreach (var (inside, changed, counts) in OfValue(items[i], of, $"{place}[{i}]", onlyCounted))
            {
                var at = i;
                yield return (inside, Filled(of, items.Cast<object>().Select((item, j) => j == at ? changed! : item)), counts);
            }
        }
    }

    private static IEnumerable<(string Place, object? Changed, bool Counts)> OfEntries(IDictionary entries, Type type, string place, bool onlyCounted)
    {
        if (entries.Count == 0) throw new InvalidOperationException($"{place} is empty: give the sample an entry to change");
        var of = ElementOf(type, typeof(IReadOnlyDictionary<,>));
        IDictionary With(object? without, object key, object? value)
        {
            var copy = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(of))!;
            foreach (DictionaryEntry entry in entries) if (!entry.Key.Equals(without)) copy[entry.Key] = entry.Value;
            copy[key] = value;
            return copy;
        }
        foreach (DictionaryEntry entry in entries)
        {
            yield return ($"{place}[{entry.Key}] renamed", With(entry.Key, entry.Key + "x", entry.Value), true);
            foreach (var (inside, changed, counts) in OfValue(entry.Value, of[1], $"{place}[{entry.Key}]", onlyCounted)) yield return (inside, With(null, entry.Key, changed), counts);
        }
    }

    private static Array Filled(Type of, IEnumerable<object> items)
    {
        var all = items.ToArray();
        var array = Array.CreateInstance(of, all.Length);
        for (var i = 0; i < all.Length; i++) array.SetValue(all[i], i);
        return array;
    }

    private static Type[] ElementOf(Type type, Type generic) =>
        new[] { type }.Concat(type.GetInterfaces()).First(t => t.IsGenericType && t.GetGenericTypeDefinition() == generic).GetGenericArguments();

    private static object Sample(Type type, string place)
    {
        if (type == typeof(string)) return "x";
        if (type == typeof(int)) return 1;
        if (type == typeof(long)) return 1L;
        if (type == typeof(double)) return 1.0;
        if (type == typeof(bool)) return true;
        if (type == typeof(TimeSpan)) return TimeSpan.FromSeconds(1);
        throw new InvalidOperationException($"{place} is null: give the sample a {type.Name} to change");
    }
}
