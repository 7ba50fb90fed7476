/** Federated training: work of clients, payloads, merging on the server. */
package io.espalier.trainer.federated;
