package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.ChannelOrder;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MirrorConfig;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.IdxFolder.Role;
import io.espalier.trainer.file.HeapRoom;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.ImageShape;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class IdxData {
  private static final long MAX_BYTES = (1L << 30) + 1024;

  private final IdxFolder folder;
  private final Settings settings;
  private final HeapRoom room = HeapRoom.ofProcess();
  private final MessageDigest digest = Sha256.begin();

  /**
   * Settings that the files do not contain.
   *
   * @param classes names of the labels from 0; if empty, the numbers that occur
   * @param sha256 digests of unpacked files by name; a file without one is not checked
   * @param test share of the examples for the test if the folder has no test set
   */
  record Settings(
      String kind,
      List<String> classes,
      ChannelOrder channels,
      Optional<ImageShape> shape,
      Map<String, String> sha256,
      double test,
      long seed) {}

  private IdxData(IdxFolder folder, Settings settings) {
    this.folder = folder.required();
    this.settings = settings;
    Set<String> unknown = new TreeSet<>(settings.sha256().keySet());
    Stream.of(Role.values()).forEach(role -> folder.name(role).ifPresent(unknown::remove));
    if (!unknown.isEmpty()) {
      throw new DataFile(folder.path(), "data.sha256")
          .problem("must hold each file that has a digest: missing=" + unknown);
    }
  }

  static Dataset load(DataConfig.Idx source, long seed, DataHome home) {
    return load(
        locate(source, home),
        new Settings(
            source.kind(),
            source.classes(),
            source.channels(),
            Optional.empty(),
            source.sha256(),
            source.test(),
            seed));
  }

  private static IdxFolder locate(DataConfig.Idx source, DataHome home) {
    requireRoles(source.sha256());
    if (source.path().isPresent()) {
      return IdxFolder.of(source.path().get(), "data.path");
    }
    MirrorConfig mirror = source.mirror().orElseThrow();
    Path directory = home.directory("idx-" + contentName(source.sha256()));
    new Downloads(MAX_BYTES, home.listener()).fetch(mirror, source.sha256(), directory);
    return IdxFolder.of(directory, "data.url");
  }

  private static void requireRoles(Map<String, String> sha256) {
    Map<Role, String> names = new EnumMap<>(Role.class);
    for (String name : sha256.keySet()) {
      Role role =
          Role.of(name)
              .orElseThrow(
                  () ->
                      problem(
                          "must name files as MNIST does, such as %s"
                              .formatted(Role.TRAIN_IMAGES.usualName()),
                          name));
      if (names.put(role, name) != null) {
        throw problem("must name one file of each role", sha256.keySet());
      }
    }
  }

  private static InvalidConfigException problem(String rule, Object value) {
    return InvalidConfigException.of("data.sha256", rule + ": sha256=" + value);
  }

  /** A name for the content of all files: mirrors of one data set share a directory. */
  private static String contentName(Map<String, String> sha256) {
    String lines =
        new TreeMap<>(sha256)
            .entrySet().stream()
                .map(file -> file.getValue() + "  " + file.getKey() + "\n")
                .collect(Collectors.joining());
    return Sha256.ofText(lines).substring(0, 16);
  }

  static Dataset load(IdxFolder folder, Settings settings) {
    return new IdxData(folder, settings).load();
  }

  private Dataset load() {
    IdxFile images = read(Role.TRAIN_IMAGES, List.of(3, 4));
    IdxFile labels = read(Role.TRAIN_LABELS, List.of(1));
    ImageShape shape = shape(images);
    if (!settings.shape().orElse(shape).equals(shape)) {
      throw images
          .file()
          .problem(
              "must hold images of %s: dimensions=%s"
                  .formatted(settings.shape().get(), images.dimensions()));
    }
    IdxClasses classes =
        settings.classes().isEmpty()
            ? IdxClasses.occurringIn(labels)
            : IdxClasses.named(settings.classes());
    Examples train = examples(images, labels, classes);
    if (folder.hasTest()) {
      return dataset(train, test(images, classes), shape, classes);
    }
    TestSplit split =
        TestSplit.of(train.labels(), settings.test(), settings.seed())
            .required(new DataFile(folder.path(), "data.test"), "images", classes.names());
    return dataset(train.select(split.train()), train.select(split.test()), shape, classes);
  }

  private Examples test(IdxFile train, IdxClasses classes) {
    IdxFile images = read(Role.TEST_IMAGES, List.of(3, 4));
    List<Integer> expected = train.dimensions().subList(1, train.dimensions().size());
    if (!images.dimensions().subList(1, images.dimensions().size()).equals(expected)) {
      throw images
          .file()
          .problem(
              "must hold images of the size of those in %s: dimensions=%s, expected=[…, %s"
                  .formatted(
                      train.file().path().getFileName(),
                      images.dimensions(),
                      expected.toString().substring(1)));
    }
    return examples(images, read(Role.TEST_LABELS, List.of(1)), classes);
  }

  private IdxFile read(Role role, List<Integer> ranks) {
    DataFile file = folder.file(role).orElseThrow();
    String expected = settings.sha256().getOrDefault(folder.name(role).orElseThrow(), "");
    if (expected.isEmpty()) {
      return IdxFile.read(file, ranks, room, digest);
    }
    MessageDigest own = Sha256.begin();
    IdxFile content = IdxFile.read(file, ranks, room, digest, own);
    String found = Sha256.hex(own);
    if (!found.equals(expected)) {
      throw file.problem(
          "must have the digest that data.sha256 gives for its unpacked content: sha256=%s, expected=%s"
              .formatted(found, expected));
    }
    return content;
  }

  private ImageShape shape(IdxFile images) {
    List<Integer> axes = images.dimensions();
    if (axes.size() == 3) {
      return new ImageShape(1, axes.get(1), axes.get(2));
    }
    return settings.channels() == ChannelOrder.FIRST
        ? new ImageShape(axes.get(1), axes.get(2), axes.get(3))
        : new ImageShape(axes.get(3), axes.get(1), axes.get(2));
  }

  private Examples examples(IdxFile images, IdxFile labels, IdxClasses classes) {
    if (labels.count() != images.count()) {
      throw labels
          .file()
          .problem(
              "must hold one label per image: labels=%d, images=%d, of %s"
                  .formatted(labels.count(), images.count(), images.file().path()));
    }
    int[] indices = classes.indices(labels);
    Examples examples =
        images.type() == IdxHeader.Type.UNSIGNED_BYTE
            ? Examples.ofBytes(images.content(), indices)
            : Examples.ofFloats(images.reals(), indices);
    boolean isPlanar = images.dimensions().size() == 3 || settings.channels() == ChannelOrder.FIRST;
    return isPlanar ? examples : examples.rearranged(shape(images).sourcesFromChannelsLast());
  }

  private Dataset dataset(Examples train, Examples test, ImageShape shape, IdxClasses classes) {
    return Dataset.normalised(
        settings.kind(), train, test, shape, List.of(), classes.names(), Sha256.hex(digest));
  }
}
