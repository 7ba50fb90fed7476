package io.espalier.actors.run;

import akka.actor.typed.ActorRef;
import io.espalier.actors.training.CheckpointWriter;
import io.espalier.actors.training.MaskCoordinator;
import io.espalier.actors.training.RunEvents;
import io.espalier.actors.transport.Transport;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committer;

/** What a coordinator works with, before it is known whom it reports to. */
public record CoordinatorParts(
    PreparedRun run,
    Committer committer,
    long term,
    Transport transport,
    CheckpointWriter checkpoints,
    RunEvents events) {
  MaskCoordinator.Settings reportingTo(ActorRef<MaskCoordinator.Outcome> replyTo) {
    return new MaskCoordinator.Settings(
        run, committer, term, transport, checkpoints, events, replyTo);
  }
}
