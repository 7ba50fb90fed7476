package io.espalier.bench.accuracy;

/**
 * What a run did before it was another one's turn.
 *
 * @param step completed steps at its end
 * @param seconds that it took
 * @param stepSeconds median time of a step
 * @param residentBytes memory of the process at its end
 * @param peakBytes the most that the process ever had
 * @param cuts that fell into it
 * @param slowestCutSeconds what the longest of them took, from the average to all trainers' answers
 */
record TrainingTurn(
    long step,
    double seconds,
    double stepSeconds,
    long residentBytes,
    long peakBytes,
    int cuts,
    double slowestCutSeconds) {}
