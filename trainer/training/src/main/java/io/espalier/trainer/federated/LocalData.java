package io.espalier.trainer.federated;

import io.espalier.configs.RunConfig;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.DataHome;
import java.io.IOException;
import java.util.Optional;

public record LocalData(LocalSource source, Optional<LocalPart> part, DataHome home) {
  /** Reads the examples in the format of the federation; one class is enough. */
  public Dataset load(DataContract contract, RunConfig config) throws IOException {
    Examples all = source.read(contract, config.seed(), home);
    Dataset whole = Dataset.under(contract, all);
    return part.isEmpty()
        ? whole
        : Dataset.under(contract, all.select(part.get().of(config, whole)));
  }
}
