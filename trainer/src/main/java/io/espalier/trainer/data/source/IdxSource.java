package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MirrorConfig;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.download.DownloadRetries;
import io.espalier.trainer.data.download.Downloads;
import io.espalier.trainer.data.source.IdxFolder.Role;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

final class IdxSource {
  private static final long MAX_BYTES = (1L << 30) + 1024;

  private IdxSource() {}

  static Dataset load(DataConfig.Idx source, long seed, DataHome home) {
    return IdxData.load(
        folder(source, home),
        new IdxData.Settings(
            source.kind(),
            source.classes(),
            source.channels(),
            Optional.empty(),
            source.sha256(),
            source.test(),
            seed));
  }

  private static IdxFolder folder(DataConfig.Idx source, DataHome home) {
    requireRoles(source.sha256());
    if (source.path().isPresent()) {
      return IdxFolder.of(source.path().get(), "data.path");
    }
    MirrorConfig mirror = source.mirror().orElseThrow();
    Path directory = home.directory("idx-" + contentName(source.sha256()));
    new Downloads(DownloadRetries.DEFAULT, home.listener())
        .fetch(new Downloads.Request(mirror, source.sha256(), MAX_BYTES), directory);
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
}
