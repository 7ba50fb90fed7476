package io.espalier.actors.service.attempt.work;

import io.espalier.actors.run.RunDirectory;
import io.espalier.actors.service.attempt.AttemptOrder;
import java.nio.file.Files;

/** The directory of an attempt's run: a new one for the first, else the one that is there. */
final class AttemptDirectory {
  private AttemptDirectory() {}

  static RunDirectory open(AttemptOrder order) {
    return Files.exists(order.directory().resolve("recipe.conf"))
        ? RunDirectory.resume(order.directory())
        : RunDirectory.create(order.directory(), order.recipe());
  }
}
