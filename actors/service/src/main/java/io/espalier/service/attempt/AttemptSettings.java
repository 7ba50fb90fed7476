package io.espalier.service.attempt;

import akka.actor.typed.ActorSystem;
import io.espalier.training.run.BrokerLease;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What attempts of one node have in common.
 *
 * @param home of Espalier on this machine: data sets, engine, broker
 * @param system in which the actors of runs live
 * @param broker that all runs of the process ship to
 * @param authority directory of the authority that certifies clients of federations; empty for
 *     plaintext on this machine's loopback
 * @param spread to other nodes of a cluster; empty for a node by itself
 */
public record AttemptSettings(
    Path home,
    ActorSystem<?> system,
    BrokerLease broker,
    Optional<Path> authority,
    Optional<RemotePlacement> spread) {}
