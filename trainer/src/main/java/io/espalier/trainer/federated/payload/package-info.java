/** What travels between a server and its clients, as bytes. */
package io.espalier.trainer.federated.payload;
