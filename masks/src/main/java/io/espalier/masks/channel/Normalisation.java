package io.espalier.masks.channel;

import java.util.Arrays;

/** What a group's scores are divided by, so that those of different groups can be compared. */
public enum Normalisation {
  /** 1. */
  NONE,
  /** Their mean over the group's channels. */
  MEAN,
  /** Their sum. */
  SUM,
  /** The largest. */
  MAX;

  /** Scores of 0 only stay as they are. */
  float[] of(double[] scores) {
    double divisor =
        switch (this) {
          case NONE -> 1;
          case MEAN -> Arrays.stream(scores).average().orElse(1);
          case SUM -> Arrays.stream(scores).sum();
          case MAX -> Arrays.stream(scores).max().orElse(1);
        };
    float[] normalised = new float[scores.length];
    for (int channel = 0; channel < scores.length; channel++) {
      normalised[channel] = (float) (divisor > 0 ? scores[channel] / divisor : scores[channel]);
    }
    return normalised;
  }
}
