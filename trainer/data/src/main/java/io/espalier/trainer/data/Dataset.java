package io.espalier.trainer.data;

import io.espalier.configs.Metric;
import io.espalier.trainer.data.text.Tokens;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.DataSizes;
import io.espalier.trainer.network.ImageShape;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The examples of a run, in memory or in a mapped file; a label is an index of a class name, of one
 * whose next tokens are learned of a token's.
 *
 * @param train includes the validation split
 * @param digest SHA-256 of the concatenated unpacked files, else of raw values and labels
 * @param metric what evaluations are read by
 */
public record Dataset(
    String name, Examples train, Examples test, DataFormat format, String digest, Metric metric) {
  public Dataset {
    ImageShape input = format.input();
    if (train.features() != input.size() || test.features() != input.size()) {
      throw new IllegalArgumentException(
          "examples must have the input's size: input=%s, train=%d, test=%d"
              .formatted(input, train.features(), test.features()));
    }
    if (train.positions() != test.positions()) {
      throw new IllegalArgumentException(
          "examples must have as many labels each: train=%d, test=%d"
              .formatted(train.positions(), test.positions()));
    }
    train.requireLabelsBelow(format.classNames().size());
    test.requireLabelsBelow(format.classNames().size());
  }

  /** Data of classes, whose evaluations are read by accuracy. */
  public Dataset(String name, Examples train, Examples test, DataFormat format, String digest) {
    this(name, train, test, format, digest, Metric.ACCURACY);
  }

  /** Raw images of a custom source, normalised by channel; labels are indices of names. */
  public static Dataset ofImages(
      Examples train, Examples test, ImageShape input, List<String> classNames) {
    return ofRaw(train, test, input, List.of(), classNames);
  }

  /** Raw rows of a custom table, normalised by column; labels are indices of names. */
  public static Dataset ofTable(
      Examples train, Examples test, List<String> columns, List<String> classNames) {
    return ofRaw(train, test, new ImageShape(1, 1, columns.size()), columns, classNames);
  }

  /** Local examples in the format of another data set; the test set is the first example. */
  public static Dataset under(DataContract contract, Examples raw) {
    MessageDigest digest = Sha256.begin();
    raw.addTo(digest);
    return under(contract, "local", raw, raw.select(new int[] {0}), Sha256.hex(digest));
  }

  /** Raw examples in the format of another data set. */
  public static Dataset under(
      DataContract contract, String name, Examples train, Examples test, String digest) {
    return new Dataset(
        name,
        train.normalisedBy(contract.normalization()),
        test.normalisedBy(contract.normalization()),
        new DataFormat(
            contract.input(),
            contract.columns(),
            contract.encoding(),
            contract.classNames(),
            contract.normalization()),
        digest);
  }

  /** Encoded rows of a table; numbers are normalised, zeros and ones of the encoding are not. */
  public static Dataset encoded(
      String name,
      Examples train,
      Examples test,
      TableEncoding encoding,
      List<String> classNames,
      String digest) {
    List<String> columns = encoding.features();
    Normalization normalization =
        Normalization.of(train, columns.size()).onlyOf(encoding.numbers());
    return new Dataset(
        name,
        train.normalisedBy(normalization),
        test.normalisedBy(normalization),
        new DataFormat(encoding.shape(), columns, Optional.of(encoding), classNames, normalization),
        digest);
  }

  /** Encoded image files, normalised by channel. */
  public static Dataset encoded(
      String name,
      Examples train,
      Examples test,
      ImageEncoding encoding,
      List<String> classNames,
      String digest) {
    Normalization normalization = Normalization.of(train, encoding.shape().channels());
    return new Dataset(
        name,
        train.normalisedBy(normalization),
        test.normalisedBy(normalization),
        new DataFormat(
            encoding.shape(), List.of(), Optional.of(encoding), classNames, normalization),
        digest);
  }

  /**
   * Windows of a text, of which each next token is learned. Nothing is normalised.
   *
   * @param charactersPerToken of the test set
   */
  public static Dataset ofText(
      String name,
      Examples train,
      Examples test,
      TextEncoding encoding,
      double charactersPerToken,
      String digest) {
    return new Dataset(
        name,
        train.normalisedBy(Normalization.NONE),
        test.normalisedBy(Normalization.NONE),
        new DataFormat(
            encoding.shape(),
            List.of(),
            Optional.of(encoding),
            encoding.tokens().names(),
            Normalization.NONE),
        digest,
        Metric.bitsPerCharacter(charactersPerToken));
  }

  /** Texts with a class each. Nothing is normalised. */
  public static Dataset ofLabelledText(
      String name,
      Examples train,
      Examples test,
      TextEncoding encoding,
      List<String> classNames,
      String digest) {
    return new Dataset(
        name,
        train.normalisedBy(Normalization.NONE),
        test.normalisedBy(Normalization.NONE),
        new DataFormat(
            encoding.shape(), List.of(), Optional.of(encoding), classNames, Normalization.NONE),
        digest);
  }

  private static Dataset ofRaw(
      Examples train,
      Examples test,
      ImageShape input,
      List<String> columns,
      List<String> classNames) {
    MessageDigest digest = Sha256.begin();
    train.addTo(digest);
    test.addTo(digest);
    return normalised("custom", train, test, input, columns, classNames, Sha256.hex(digest));
  }

  public Dataset named(String newName) {
    return new Dataset(newName, train, test, format, digest, metric);
  }

  /** Returns a copy with other test examples, which are normalised as these are. */
  public Dataset withTest(Examples other) {
    return new Dataset(name, train, other, format, digest, metric);
  }

  /** Computes the normalization from {@code train}, which like {@code test} is raw. */
  public static Dataset normalised(
      String name,
      Examples train,
      Examples test,
      ImageShape input,
      List<String> columns,
      List<String> classNames,
      String digest) {
    int groups = columns.isEmpty() ? input.channels() : columns.size();
    Normalization normalization = Normalization.of(train, groups);
    return new Dataset(
        name,
        train.normalisedBy(normalization),
        test.normalisedBy(normalization),
        new DataFormat(input, columns, classNames, normalization),
        digest);
  }

  /** Whether its inputs are tokens of a text. */
  public boolean isText() {
    return text().isPresent();
  }

  private Optional<TextEncoding> text() {
    return format.encoding().filter(TextEncoding.class::isInstance).map(TextEncoding.class::cast);
  }

  /** The token that fills texts up; empty for other data. */
  public OptionalInt padding() {
    return text().stream()
        .mapToInt(encoding -> encoding.tokens().padding())
        .filter(token -> token != Tokens.NO_PADDING)
        .findFirst();
  }

  /** The sizes that a network of these data needs beside the shape of its input. */
  public DataSizes sizes() {
    int tokens = text().map(encoding -> encoding.tokens().names().size()).orElse(classes());
    return new DataSizes(tokens, padding().orElse(DataSizes.NO_PADDING), classes());
  }

  public int classes() {
    return format.classNames().size();
  }

  public ImageShape input() {
    return format.input();
  }

  public List<String> columns() {
    return format.columns();
  }

  public Optional<InputEncoding> encoding() {
    return format.encoding();
  }

  public List<String> classNames() {
    return format.classNames();
  }

  public Normalization normalization() {
    return format.normalization();
  }
}
