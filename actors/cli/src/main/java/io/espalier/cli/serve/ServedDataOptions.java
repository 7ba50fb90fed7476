package io.espalier.cli.serve;

import io.espalier.configs.file.PrivateDirectory;
import io.espalier.console.BytesConverter;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.data.DataRoom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The files that recipes of requests may name. */
final class ServedDataOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Directory below which recipes may name files, such as tables and weights; may be"
              + " repeated (default: service/data in the Espalier home). 'espalier data upload'"
              + " writes to the first.")
  private List<Path> directories = new ArrayList<>();

  @Option(
      names = "--data-limit",
      paramLabel = "SIZE",
      defaultValue = "50GB",
      converter = BytesConverter.class,
      description = "Size of all uploaded data sets together (default: ${DEFAULT-VALUE}).")
  private long most = DataRoom.Limits.DEFAULT.all();

  @Option(
      names = "--upload-limit",
      paramLabel = "SIZE",
      defaultValue = "10GB",
      converter = BytesConverter.class,
      description = "Size of one uploaded data set, unpacked (default: ${DEFAULT-VALUE}).")
  private long each = DataRoom.Limits.DEFAULT.each();

  List<Path> directories(Path home) throws IOException {
    if (directories.isEmpty()) {
      return List.of(PrivateDirectory.own(ServeSettings.directoryIn(home).resolve("data")));
    }
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        throw new CommandRefusedException(
            "--data must be a directory: data=%s; make it, or correct it".formatted(directory));
      }
    }
    return directories;
  }

  DataRoom.Limits limits() {
    return new DataRoom.Limits(each, most);
  }
}
