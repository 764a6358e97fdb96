// The benches of actors on Proto.Actor for Go, in the way of its users: default mailbox and dispatcher, futures for what is
// asked. Arguments: the name of a bench; for a bench of two processes also "far", or "near" and the port of the far one.
//
// Reads lines of words ("cpu", "work 500") and answers with lines of JSON; ends when its input does.
package main

import (
	"fmt"
	"os"

	"github.com/asynkron/protoactor-go/actor"
)

const (
	pairs        = 4
	batch        = 100
	burst        = 1000
	messages     = 100_000
	asks         = 20_000
	spawns       = 100_000
	idleActors   = 200_000
	skynetLeaves = 1_000_000
	branches     = 10
)

func main() {
	if len(os.Args) == 2 {
		system := actor.NewActorSystem(actor.WithLoggerFactory(silent))
		if work, ok := localWorkload(system, os.Args[1]); ok {
			serve(work, 0)
			return
		}
	} else if len(os.Args) == 3 && os.Args[2] == "far" {
		serve(nil, startFar())
		return
	} else if len(os.Args) == 4 && os.Args[2] == "near" {
		if work, ok := remoteWorkload(os.Args[1], "127.0.0.1:"+os.Args[3]); ok {
			serve(work, 0)
			return
		}
	}
	fmt.Fprintln(os.Stderr, "there is no such bench:", os.Args[1:])
	os.Exit(2)
}

func localWorkload(system *actor.ActorSystem, bench string) (*workload, bool) {
	switch bench {
	case "ping-pong":
		return pingPong(system), true
	case "flood":
		return flood(system), true
	case "ask":
		return ask(system), true
	case "spawn":
		return crowd(system, spawns), true
	case "memory":
		idle := crowd(system, idleActors)
		idle.isWeighed = true
		return idle, true
	case "skynet":
		return skynet(system), true
	}
	return nil, false
}
