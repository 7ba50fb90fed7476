package io.espalier.masks.score;

import io.espalier.masks.statistic.Relevance;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import java.util.List;
import java.util.Optional;

/**
 * The part of the labels' logits that a weight passes on, by layer-wise relevance propagation
 * (Yeom, Seegerer, Lapuschkin, Binder, Wiedemann, Müller and Samek, "Pruning by explaining: a novel
 * criterion for deep neural network pruning", 2021). A channel has the sum over the weights that
 * read it: its relevance over all its places. Weights that speak against the label go first.
 */
record RelevanceScore(StatisticRequest relevance) implements Score, ChannelTerms {
  RelevanceScore(int batches) {
    this(new StatisticRequest(Relevance.OF_LABELS, batches, Units.CANDIDATES));
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.of(relevance);
  }

  @Override
  public Optional<ChannelTerms> channels() {
    return Optional.of(this);
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    System.arraycopy(of.statistic(relevance), 0, scores, 0, scores.length);
  }

  @Override
  public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
    return new ReaderTerms(this, false).of(weight, axis, weightsOnly);
  }

  @Override
  public double value(double sum) {
    return Math.max(0, sum);
  }
}
