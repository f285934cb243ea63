using Cake.Core.Configuration;
using Cake.Core.IO;

namespace Cake.Frosting.Internal;

internal sealed record WorkingDirectory(DirectoryPath Path);

internal sealed record CakeSetting(string Key, string Value);

/// <summary>Cake's configuration out of what <see cref="CakeHostExtensions.UseCakeSetting"/> gave; names are not case-sensitive.</summary>
internal sealed class SettingsConfiguration(IEnumerable<CakeSetting> settings) : ICakeConfiguration
{
    private readonly Dictionary<string, string> _settings = settings
        .GroupBy(s => s.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.OrdinalIgnoreCase);

    public string? GetValue(string key) => _settings.GetValueOrDefault(key);
}
