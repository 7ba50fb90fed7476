package io.espalier.training.run;

import io.espalier.configs.DataConfig;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.util.Optional;

/** Where the examples of a run come from while it trains. */
final class RunExamples {
  private RunExamples() {}

  /** The stream of a run, on the broker that it ships to; empty if its examples are no stream. */
  static Optional<KafkaExamples> of(RunSession.Request request, RunRecorder ledger)
      throws IOException {
    if (!(request.run().config().data().source() instanceof DataConfig.Kafka kafka)) {
      return Optional.empty();
    }
    RunTelemetry telemetry = ledger.telemetry();
    KafkaExamples.Broker broker =
        new KafkaExamples.Broker() {
          @Override
          public Optional<BrokerAccess> access() {
            return telemetry.access();
          }

          @Override
          public Optional<String> problem() {
            return telemetry.problem();
          }
        };
    return Optional.of(
        KafkaExamples.open(kafka, request.directory().path(), broker, ledger::record));
  }
}
