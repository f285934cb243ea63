using ServeBench.Reports.Charts;

namespace ServeBench.Reports;

/// <summary>Draws charts, and gives what the interactive report needs to draw them by itself.</summary>
public interface IChartRenderer
{
    /// <returns>One SVG document per chart, in the same order.</returns>
    Task<IReadOnlyList<string>> DrawAsync(IReadOnlyList<Chart> charts, CancellationToken cancellationToken);

    /// <returns>The chart library as one JavaScript text that a browser can run.</returns>
    Task<string> ReadLibraryAsync(CancellationToken cancellationToken);
}
