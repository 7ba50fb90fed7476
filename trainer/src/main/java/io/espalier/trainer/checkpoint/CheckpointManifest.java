package io.espalier.trainer.checkpoint;

import java.util.Map;

/**
 * What a checkpoint directory says of itself, as {@code manifest.json}.
 *
 * @param format layout of the directory
 * @param codeVersion version of the program that wrote it
 * @param recipeDigest SHA-256 of the resolved recipe
 * @param dataDigest SHA-256 of the data
 * @param updatedAt step of the last mask update
 * @param files SHA-256 of each other file
 */
record CheckpointManifest(
    int format,
    String codeVersion,
    String recipeDigest,
    String dataDigest,
    String layoutDigest,
    long step,
    int maskVersion,
    long updatedAt,
    boolean recalibrated,
    String stateDigest,
    long bytesSent,
    long bytesSentDense,
    double trainedSeconds,
    Map<String, String> files) {
  static final int FORMAT = 1;
  static final String FILE = "manifest.json";
}
