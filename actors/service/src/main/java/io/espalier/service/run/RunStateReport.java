package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceMessage;
import java.util.List;

/**
 * What an entity tells the scheduler; said again until it is acknowledged.
 *
 * @param revision events of the run so far
 * @param ahead whether it goes ahead of its priority class
 * @param trainers where those of its attempt are; empty without one
 * @param host node on which the entity is
 * @param from who is to hear {@link RunEntity.Heard}
 */
public record RunStateReport(
    RunStatus status,
    long revision,
    boolean ahead,
    List<TrainersOnNode> trainers,
    String host,
    ActorRef<RunEntity.Command> from)
    implements ServiceMessage {}
