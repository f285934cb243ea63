namespace ServeBench.Measurement.Comparisons;

/// <param name="Mean">Mean merit of a stack's trials.</param>
/// <param name="Variance">Of that mean.</param>
/// <param name="Df">Degrees of freedom; below one when a single trial shows no spread.</param>
internal readonly record struct TrialMean(double Mean, double Variance, double Df);
