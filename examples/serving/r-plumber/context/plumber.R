# A linear model of the stopping distance of cars, fitted when the server starts.
fitted <- lm(dist ~ speed, data = cars)

#* The platform asks whether the server lives
#* @get /live
function() "alive"

#* The platform asks whether it may send requests
#* @get /ready
function() "ready"

#* Stopping distances for speeds
#* @post /score
function(speed) round(unname(predict(fitted, data.frame(speed = as.numeric(speed)))), 2)
