package io.espalier.federation.server;

import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Welcome;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.List;
import java.util.function.BiFunction;

/** What a client is told first: the run, and how its data must look. */
record WelcomeMessages(PreparedRun run, String runId, String recipe)
    implements BiFunction<Integer, NarrowNetwork, FromServer> {
  @Override
  public FromServer apply(Integer protocolVersion, NarrowNetwork network) {
    Dataset data = run.dataset();
    return FromServer.newBuilder()
        .setWelcome(
            Welcome.newBuilder()
                .setProtocolVersion(protocolVersion)
                .setRun(runId)
                .setRecipe(recipe)
                .setLayoutDigest(network.layoutDigest())
                .addAllInput(
                    List.of(data.input().channels(), data.input().height(), data.input().width()))
                .addAllColumns(data.columns())
                .addAllClassNames(data.classNames())
                .addAllMean(data.normalization().mean())
                .addAllDeviation(data.normalization().standardDeviation())
                .setWidth(network.width()))
        .build();
  }
}
